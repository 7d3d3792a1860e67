import csv
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _
from tqdm import tqdm

from customers.actions.importing import begin_import, cancel_import
from customers.actions.resuming import at_work_on, resumed_import, start_import
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
            done = self._check(file, load_mapping(mapping)) if check else self._import(file, load_mapping(mapping))
        except (FileError, MappingError, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            _(
                "%(rows)s rows: %(created)s new, %(updated)s changed, %(unchanged)s unchanged, "
                "%(repeated)s further rows of the same person, %(refused)s refused."
            )
            % vars(done)
        )
        if done.restored:
            self.stdout.write(_("%(restored)s postal codes lacked leading zeros; they are put back.") % vars(done))
        if done.refused:
            self._list_problems(done, errors or Path(f"{file.name}.errors.csv"))

    def _check(self, path: Path, mapping: Mapping) -> CustomerImport:
        """A check of its own, whatever else is done with the file."""
        for other in at_work_on(path=path):
            self.stderr.write(_told(other))
        started = start_import(path=path, mapping=mapping, is_resumable=False)
        try:
            self._work(started, _("Checking"))
        finally:
            cancel_import(file=started)
        return started

    def _import(self, path: Path, mapping: Mapping) -> CustomerImport:
        started = resumed_import(path=path, mapping=mapping)
        if started is None:
            self._leave_alone(at_work_on(path=path))
            started = start_import(path=path, mapping=mapping, is_resumable=True)
        self._work(started, _("Checking"))
        begin_import(file=started)
        started.refresh_from_db()
        self._work(started, _("Importing"))
        return started

    def _leave_alone(self, others: list[CustomerImport]) -> None:
        for other in others:
            if other.state == ImportState.RUNNING:
                raise CommandError(_told(other) + " " + _("Wait until it is done, or cancel it there."))
            self.stderr.write(_told(other))

    def _work(self, file: CustomerImport, title: str) -> None:
        with tqdm(total=file.rows, initial=file.position, unit=" rows", desc=title, disable=None) as bar:
            while file.is_at_work:
                if not work_on(file, seconds=STEP_SECONDS):
                    time.sleep(PAUSE_SECONDS)
                file.refresh_from_db()
                bar.update(file.position - bar.n)
        if file.state == ImportState.FAILED:
            raise CommandError(file.failure)
        if file.state == ImportState.CANCELLED:
            raise CommandError(_("Somebody cancelled this import."))

    def _list_problems(self, file: CustomerImport, path: Path) -> None:
        with path.open("w", encoding="utf-8-sig", newline="") as listed:
            writer = csv.writer(listed, delimiter=";")
            writer.writerow(["line", "column", "value", "problem"])
            problems = file.problems.values_list("line", "column", "value", "reason").iterator()
            writer.writerows((line, *map(harmless, texts)) for line, *texts in problems)
        self.stderr.write(_("The rows left out are listed in %(path)s.") % {"path": path})


def _told(other: CustomerImport) -> str:
    return _("The same file is at work already and is left as it is: import of %(who)s, %(state)s, %(url)s.") % {
        "who": other.created_by or _("a command"),
        "state": f"{other.get_state_display()} ({other.percent} %)",
        "url": settings.SITE_URL + reverse("customer-import", args=[other.pk]),
    }
