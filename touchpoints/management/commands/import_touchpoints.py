import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from customers.table_files.rows import RowProblem
from touchpoints.file_import import FileError, MappingError, import_file, load_mapping


class Command(BaseCommand):
    help = "Import touchpoints from a CSV file (also gzipped); may be stopped at any point and run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="What the columns mean (docs/files.md).")
        parser.add_argument("--source", help="Key of the source; the mapping's by default.")
        parser.add_argument("--errors", type=Path, help="Where to list rows left out; FILE.errors.csv by default.")

    def handle(self, *, file: Path, mapping: Path, source: str | None, errors: Path | None, **options: Any) -> None:
        problems = ProblemFile(errors or Path(f"{file.name}.errors.csv"))
        bar = tqdm(unit=" rows", desc=_("Reading"), disable=None)
        try:
            declared = load_mapping(mapping)
            with problems, bar:
                report = import_file(
                    file,
                    mapping=declared,
                    source_key=source or declared.source,
                    now=timezone.now(),
                    on_problem=problems.write,
                    on_scan=lambda count: _count(bar, count),
                    on_rows=lambda count: _show(bar, count),
                )
        except (FileError, MappingError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            _(
                "%(rows)s rows read: %(created)s touchpoints added, %(known)s known already, "
                "%(customers)s new customers, %(errors)s rows left out."
            )
            % vars(report)
        )
        if report.errors:
            self.stderr.write(_("The rows left out are listed in %(path)s.") % {"path": problems.path})


def _count(bar: "tqdm[Any]", count: int) -> None:
    bar.update(count)


def _show(bar: "tqdm[Any]", count: int) -> None:
    """The second reading counts towards the total that the first one found."""
    if bar.total is None:
        bar.reset(total=bar.n or None)
        bar.set_description(_("Importing"))
    bar.update(count)


class ProblemFile:
    """Made with the first problem only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: TextIO | None = None

    def __enter__(self) -> "ProblemFile":
        return self

    def write(self, problem: RowProblem) -> None:
        if self.file is None:
            self.file = self.path.open("w", encoding="utf-8-sig", newline="")
            self.writer = csv.writer(self.file, delimiter=";")
            self.writer.writerow(["line", "problem"])
        self.writer.writerow([problem.line, problem.detail])

    def __exit__(self, *exception: object) -> None:
        if self.file:
            self.file.close()
