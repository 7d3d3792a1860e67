"""How a file is written, told by its bytes: what sort it is, its encoding, its delimiter. The person confirms it."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import cast

from django.utils.translation import gettext as _

from customers.table_files.rows import FileError, decoded, numbered_rows

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")
GZIP = b"\x1f\x8b"
BUFFER = 1 << 20
DELIMITERS = (";", ",", "\t", "|")
SAMPLE, SAMPLE_ROWS = 1 << 18, 50
MOST_COLUMNS = 300


def is_workbook(path: Path) -> bool:
    """Whatever the file is called; refuses what is no table at all."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise FileError(_("The file is empty."))
    if start.startswith(GZIP):
        raise FileError(_("The file is compressed (gzip); unpack it first."))
    if start.startswith(FOREIGN):
        raise FileError(_("This is a picture, a PDF or an archive, not a table; save it as CSV or Excel workbook."))
    return start.startswith(WORKBOOKS)


def encoding_of(path: Path) -> str:
    """UTF-16 by its mark, UTF-8 where all of it is, else windows-1252, which Excel writes in Germany."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        decoder, is_utf8 = codecs.getincrementaldecoder("utf-8")(), True
        while chunk := file.read(BUFFER):
            if b"\0" in chunk:
                raise FileError(_("The file is no text: save the table as CSV (UTF-8) or Excel workbook."))
            is_utf8 = is_utf8 and _decodes(decoder, chunk)
    return "utf-8" if is_utf8 and _decodes(decoder, b"", final=True) else "windows-1252"


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def delimiter_of(path: Path, *, encoding: str) -> str:
    """The sign that cuts the first rows into the most columns, the same number in each."""
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        sample = text.read(SAMPLE)
    return max(DELIMITERS, key=lambda sign: _fit(sample, sign))


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    try:
        rows = list(islice(csv.reader(io.StringIO(sample), delimiter=delimiter), SAMPLE_ROWS))
    except csv.Error:
        return 0, 0
    widths = [len(cells) for cells in rows if cells]
    if not widths or widths[0] < 2:
        return 0, 0
    return Counter(widths)[widths[0]] / len(widths), widths[0]


def table_rows(path: Path, *, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each row that holds anything, the header first."""
    with path.open("rb") as file, decoded(cast(io.RawIOBase, file), encoding=encoding) as text:
        for line, _number, cells in numbered_rows(text, delimiter=delimiter):
            if any(cells):
                yield line, cells


def header_and_count(path: Path, *, encoding: str, delimiter: str) -> tuple[list[str], int]:
    """The column names and the number of rows below them; reads the whole file once."""
    rows = table_rows(path, encoding=encoding, delimiter=delimiter)
    _line, header = next(rows, (0, []))
    names = [" ".join(cell.replace("\0", "").encode("utf-8", "replace").decode().split())[:200] for cell in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise FileError(_("The table is empty: its first row must name the columns."))
    if len(names) > MOST_COLUMNS:
        raise FileError(_("The table has more than %(most)s columns.") % {"most": MOST_COLUMNS})
    if not (count := sum(1 for _row in rows)):
        raise FileError(_("The table has column names but no rows."))
    return names, count
