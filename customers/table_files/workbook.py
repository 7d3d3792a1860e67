"""A sheet of an Excel workbook as CSV: read in a process of its own, whose memory and time are bounded.

A few kilobytes of workbook may unpack to gigabytes, or name one cell in the last corner of the sheet.
This module is also that process, so it imports nothing of ours: `python -m customers.table_files.workbook …`.
"""

import csv
import json
import resource
import subprocess
import sys
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_MEMORY = 1 << 30
MOST_SECONDS = 90
DELIMITER = ";"
IS_LOCKED, IS_UNREADABLE, IS_EMPTY = 3, 4, 5


class WorkbookError(Exception):
    """`why`: locked, unreadable, empty or too_large."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def convert(path: Path, target: Path, *, sheet: str, decimal: str, date_format: str) -> tuple[list[str], str]:
    """Write a sheet (the first by default) to `target`, UTF-8; the names of all sheets and of the one written."""
    command = [
        sys.executable,
        "-m",
        "customers.table_files.workbook",
        str(path),
        str(target),
        sheet,
        decimal,
        date_format,
    ]
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=MOST_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise WorkbookError("too_large") from None
    if run.returncode:
        raise WorkbookError(
            {IS_LOCKED: "locked", IS_UNREADABLE: "unreadable", IS_EMPTY: "empty"}.get(run.returncode, "too_large")
        )
    answer = json.loads(run.stdout)
    return answer["sheets"], answer["sheet"]


def _main(path: str, target: str, sheet: str, decimal: str, date_format: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        with Path(path).open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            names = [name for name in workbook.sheet_names if name]
            if not names:
                return IS_EMPTY
            chosen = sheet if sheet in names else names[0]
            _write(workbook.get_sheet_by_name(chosen), Path(target), decimal=decimal, date_format=date_format)
    except PasswordError:
        return IS_LOCKED
    except (CalamineError, OSError, ValueError):
        return IS_UNREADABLE
    json.dump({"sheets": names, "sheet": chosen}, sys.stdout)
    return 0


def _write(sheet: Any, target: Path, *, decimal: str, date_format: str) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        # Empty rows too: so lines count as rows do in Excel.
        writer = csv.writer(file, delimiter=DELIMITER, lineterminator="\n")
        for row in sheet.iter_rows():
            writer.writerow([_text(cell, decimal, date_format) for cell in row])


def _text(cell: Any, decimal: str, date_format: str) -> str:
    if isinstance(cell, str):
        return cell.replace("\r", " ").replace("\n", " ")
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float | int):
        return format(Decimal(repr(cell)).normalize(), "f").replace(".", decimal)
    if isinstance(cell, datetime) and cell.time() != time():
        return cell.strftime(f"{date_format} %H:%M")
    return cell.strftime(date_format) if isinstance(cell, date) else str(cell)


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
