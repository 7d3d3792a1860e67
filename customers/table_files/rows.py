"""The rows of a CSV file with the lines they begin at; what is no text is found row by row."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

BUFFER = 1 << 20


class FileError(Exception):
    """The file as a whole cannot be read; nothing of it was stored."""


class Row(NamedTuple):
    line: int
    number: int
    cells: list[str]


class RowProblem(NamedTuple):
    line: int
    detail: str
    cells: list[str]


def decoded(stream: io.RawIOBase, *, encoding: str) -> io.TextIOWrapper:
    name = codecs.lookup(encoding).name
    marked = {"utf-8": "utf-8-sig"}.get(name, name)
    # What is no text is found row by row (is_text), so that one bad byte does not cost the file.
    errors = "strict" if "16" in name else "surrogateescape"
    return io.TextIOWrapper(io.BufferedReader(stream, BUFFER), encoding=marked, errors=errors, newline="")


def numbered_rows(text: io.TextIOWrapper, *, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    """Line, number and cells from the header (number 0) on; a row begins there, also when a cell spans lines."""
    reader = csv.reader(text, delimiter=delimiter)
    number, line = 0, 1
    try:
        for cells in reader:
            if cells:
                yield line, number, cells
                number += 1
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileError(_("Line %(line)s: %(error)s. Is a quote left open?") % {"line": line, "error": error}) from None
    except UnicodeError as error:
        detail = {"line": line, "encoding": text.encoding, "error": error}
        raise FileError(_("Line %(line)s is not %(encoding)s text: %(error)s") % detail) from None


def is_text(cells: list[str]) -> bool:
    joined = "".join(cells)
    if "\0" in joined:
        return False
    if joined.isascii():
        return True
    try:
        joined.encode()
    except UnicodeEncodeError:
        return False
    return True
