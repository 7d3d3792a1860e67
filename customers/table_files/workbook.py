"""A sheet of an Excel workbook as CSV: read in a process of its own, whose memory, time and output are bounded.

A few kilobytes of workbook may unpack to gigabytes, or name one cell in the last corner of the sheet.
This module is also that process, so it imports nothing of ours: `python -m customers.table_files.workbook …`.
"""

import csv
import errno
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_MEMORY = 1 << 30
MOST_BYTES = 1 << 29
MOST_SECONDS = 90
# Excel allows 31 signs.
MOST_SHEETS, LONGEST_NAME = 300, 100
DELIMITER = ";"
IS_LOCKED, IS_UNREADABLE, IS_EMPTY, IS_UNWRITTEN, IS_TOO_LARGE = 3, 4, 5, 6, 7
REASONS = {IS_LOCKED: "locked", IS_UNREADABLE: "unreadable", IS_EMPTY: "empty", IS_UNWRITTEN: "unwritten"}


class WorkbookError(Exception):
    """`why`: locked, unreadable, empty, unwritten or too_large."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def convert(path: Path, target: Path, *, sheet: str, decimal: str, date_format: str) -> tuple[list[str], str]:
    """Write a sheet (the first by default) to `target`, UTF-8; the names of all sheets and of the one written.

    Raises WorkbookError, and then part of the sheet may stand in `target`.
    """
    command = [
        sys.executable,
        "-m",
        "customers.table_files.workbook",
        str(path),
        str(target),
        sheet,
        decimal,
        date_format,
        str(MOST_BYTES),
    ]
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=MOST_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise WorkbookError("too_large") from None
    if run.returncode:
        raise WorkbookError(REASONS.get(run.returncode, "too_large"))
    answer = json.loads(run.stdout)
    return answer["sheets"], answer["sheet"]


def _main(path: str, target: str, sheet: str, decimal: str, date_format: str, most_bytes: str) -> int:
    _bound(int(most_bytes))
    try:
        with Path(path).open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            names = [name for name in workbook.sheet_names if 0 < len(name) <= LONGEST_NAME and name.isprintable()]
            if not names:
                return IS_EMPTY
            chosen = sheet if sheet in names else names[0]
            rows = workbook.get_sheet_by_name(chosen).iter_rows()
    except PasswordError:
        return IS_LOCKED
    except (CalamineError, OSError, ValueError):
        return IS_UNREADABLE
    try:
        _write(rows, Path(target), decimal=decimal, date_format=date_format)
    except ValueError:
        return IS_UNREADABLE
    except OSError as error:
        return IS_TOO_LARGE if error.errno == errno.EFBIG else IS_UNWRITTEN
    json.dump({"sheets": names[:MOST_SHEETS], "sheet": chosen}, sys.stdout)
    return 0


def _bound(most_bytes: int) -> None:
    """Above these the process ends, or gets an error where it can answer one; nothing is dumped to the disk."""
    bounds = {
        resource.RLIMIT_AS: MOST_MEMORY,
        resource.RLIMIT_CPU: MOST_SECONDS,
        resource.RLIMIT_FSIZE: most_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in bounds.items():
        resource.setrlimit(what, (most, most))


def _write(rows: Iterator[list[Any]], target: Path, *, decimal: str, date_format: str) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        # Empty rows too: so lines count as rows do in Excel.
        writer = csv.writer(file, delimiter=DELIMITER, lineterminator="\n")
        for row in rows:
            writer.writerow([_text(cell, decimal, date_format) for cell in row])


def _text(cell: Any, decimal: str, date_format: str) -> str:
    if isinstance(cell, str):
        return cell.replace("\r", " ").replace("\n", " ")
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float | int):
        # As many digits as Excel keeps; no exponent, no ".0".
        return format(Decimal(format(cell, ".15g")).normalize(), "f").replace(".", decimal)
    if isinstance(cell, datetime) and cell.time() != time():
        return cell.strftime(f"{date_format} %H:%M")
    return cell.strftime(date_format) if isinstance(cell, date) else str(cell)


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
