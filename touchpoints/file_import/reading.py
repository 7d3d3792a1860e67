"""A CSV file as a stream of rows with their line numbers, read twice: once to know it, once to import it."""

import codecs
import gzip
import hashlib
import io
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from django.utils.translation import gettext as _

from customers.table_files.rows import FileError, Row, RowProblem, decoded, is_text, numbered_rows
from touchpoints.file_import.mapping import Mapping, MappingError

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"


@dataclass
class Scan:
    """What the first reading tells."""

    header: list[str]
    digest: str = ""
    rows: int = 0
    is_clean: bool = True
    """All of it is text in the declared encoding, so that no row needs to be looked at again."""
    rows_of_group: dict[str, int] = field(default_factory=dict)


class WatchedStream(io.RawIOBase):
    """Digests what passes, and notices what is no text."""

    def __init__(self, stream: io.RawIOBase, encoding: str) -> None:
        self.stream, self.hash = stream, hashlib.sha256()
        self.decoder, self.is_clean = codecs.getincrementaldecoder(encoding)(), True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self.stream.read(len(buffer)) or b""
        self.hash.update(chunk)
        if self.is_clean:
            try:
                self.is_clean = "\0" not in self.decoder.decode(chunk, final=not chunk)
            except UnicodeError:
                self.is_clean = False
        buffer[: len(chunk)] = chunk
        return len(chunk)


def scan(path: Path, *, mapping: Mapping, progress: Callable[[int], None]) -> Scan:
    """Check the whole file, digest its (unpacked) content and count rows and the rows of each group."""
    with _opened(path) as stream:
        watched = WatchedStream(stream, mapping.file.encoding)
        text = decoded(watched, encoding=mapping.file.encoding)
        rows = numbered_rows(text, delimiter=mapping.file.delimiter)
        found = Scan(header=_header(rows, mapping))
        position = found.header.index(mapping.group_by) if mapping.group_by else len(found.header)
        counts: defaultdict[str, int] = defaultdict(int)
        for _line, found.rows, cells in rows:
            if position < len(cells):
                counts[cells[position].strip()] += 1
            if not found.rows % 10_000:
                progress(10_000)
        found.rows_of_group, found.digest, found.is_clean = counts, watched.hash.hexdigest(), watched.is_clean
    return found


def read_rows(path: Path, *, mapping: Mapping, found: Scan) -> Iterator[Row | RowProblem]:
    """The rows after the header; one that cannot be read is told as a problem."""
    width, is_clean = len(found.header), found.is_clean
    with _opened(path) as stream:
        text = decoded(stream, encoding=mapping.file.encoding)
        rows = numbered_rows(text, delimiter=mapping.file.delimiter)
        next(rows)
        for line, number, cells in rows:
            if len(cells) != width:
                detail = _("The row has %(found)s fields instead of %(wanted)s.")
                yield RowProblem(line, detail % {"found": len(cells), "wanted": width}, cells)
            elif not is_clean and not is_text(cells):
                detail = _("The row holds characters that are not %(encoding)s text.")
                yield RowProblem(line, detail % {"encoding": mapping.file.encoding}, cells)
            else:
                yield Row(line, number, cells)


@contextmanager
def _opened(path: Path) -> Iterator[io.RawIOBase]:
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            if start == ZIP:
                raise FileError(_("%(path)s is an Excel workbook or a ZIP file; save it as CSV.") % {"path": path})
            if start[:2] == GZIP:
                with gzip.open(raw) as unpacked:
                    yield cast(io.RawIOBase, unpacked)
            else:
                yield cast(io.RawIOBase, raw)
    except (EOFError, gzip.BadGzipFile, zlib.error, OSError) as error:
        raise FileError(_("%(path)s cannot be read: %(error)s") % {"path": path, "error": error}) from None


def _header(rows: Iterator[tuple[int, int, list[str]]], mapping: Mapping) -> list[str]:
    first = next(rows, None)
    if first is None:
        raise FileError(_("The file is empty: it has no header line."))
    header = [cell.strip() for cell in first[2]]
    if twice := [name for name, count in Counter(header).items() if count > 1 and name in mapping.named_columns]:
        raise MappingError(_("The column “%(name)s” stands twice in the file.") % {"name": twice[0]})
    if missing := sorted(mapping.named_columns - set(header)):
        detail = {"missing": ", ".join(missing), "found": ", ".join(header)[:500], "delimiter": mapping.file.delimiter}
        raise MappingError(
            _("The file has no column %(missing)s. Read with the delimiter “%(delimiter)s” it has: %(found)s.") % detail
        )
    return header
