import csv
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from customers.actions.importing import begin_check, begin_import, cancel_import, describe_import, upload_import
from customers.actions.working import work_on
from customers.importing.mapping import Mapping, MappingError, load_mapping
from customers.models import CustomerImport
from customers.models.customer_import import ImportState
from customers.spreadsheets import harmless
from customers.table_files.rows import FileError

STEP_SECONDS = 1
# While a worker has it.
PAUSE_SECONDS = 0.2


class Command(BaseCommand):
    help = "Import customers from a CSV or Excel file; may be stopped at any point and run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="What the columns mean; by their names if left out.")
        parser.add_argument("--check", action="store_true", help="Only say what would happen.")
        parser.add_argument("--errors", type=Path, help="Where to list rows left out; FILE.errors.csv by default.")

    def handle(self, *, file: Path, mapping: Path | None, check: bool, errors: Path | None, **options: Any) -> None:
        try:
            started = _go_on_or_start(file, load_mapping(mapping))
        except (FileError, MappingError, OSError) as error:
            raise CommandError(str(error)) from None
        if started.state == ImportState.CHECKING:
            self._work(started, _("Checking"))
        if check:
            cancel_import(file=started)
        elif started.state != ImportState.RUNNING:
            begin_import(file=started)
            started.refresh_from_db()
        if not check:
            self._work(started, _("Importing"))
        figures = vars(started)
        self.stdout.write(
            _(
                "%(rows)s rows: %(created)s new, %(updated)s changed, %(unchanged)s unchanged, "
                "%(repeated)s further rows of the same person, %(refused)s refused."
            )
            % figures
        )
        if started.refused:
            self._list_problems(started, errors or Path(f"{file.name}.errors.csv"))

    def _work(self, file: CustomerImport, title: str) -> None:
        with tqdm(total=file.rows, initial=file.position, unit=" rows", desc=title, disable=None) as bar:
            while file.is_at_work:
                if not work_on(file, seconds=STEP_SECONDS):
                    time.sleep(PAUSE_SECONDS)
                file.refresh_from_db()
                bar.update(file.position - bar.n)
        if file.state == ImportState.FAILED:
            raise CommandError(file.failure)

    def _list_problems(self, file: CustomerImport, path: Path) -> None:
        with path.open("w", encoding="utf-8-sig", newline="") as listed:
            writer = csv.writer(listed, delimiter=";")
            writer.writerow(["line", "column", "value", "problem"])
            problems = file.problems.values_list("line", "column", "value", "reason").iterator()
            writer.writerows((line, *map(harmless, texts)) for line, *texts in problems)
        self.stderr.write(_("The rows left out are listed in %(path)s.") % {"path": path})


def _go_on_or_start(path: Path, mapping: Mapping) -> CustomerImport:
    """The same file again goes on where a killed run left off."""
    with path.open("rb") as content:
        made = upload_import(file=content, name=path.name, by=None)
    if begun := CustomerImport.objects.at_work().filter(digest=made.digest).first():
        cancel_import(file=made)
        return begun
    describe_import(file=made, **mapping.written)
    begin_check(file=made, columns=mapping.columns_of(made), only_fill_empty=mapping.only_fill_empty)
    made.refresh_from_db()
    return made
