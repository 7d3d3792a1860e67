"""Where the customers app keeps traces of a person that no relation leads to."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.models import CustomerExport, CustomerImport, ImportProblem
from customers.models.customer_import import ENDED, ImportState
from customers.privacy.elsewhere import Elsewhere
from customers.privacy.person import Person
from customers.privacy.traces import traced

CUT_OFF = _("Somebody in this file was erased. Please upload a file without them.")


def find_uploads(person: Person) -> list[dict[str, Any]]:
    return [{"file": file.name, "uploaded_at": file.created_at} for file in _uploads(person)]


def erase_uploads(person: Person) -> int:
    """A file that is still to be read would bring the person back, so it goes as well, and its import says why."""
    found = _uploads(person)
    for file in found:
        for path in {file.path, file.table}:
            path.unlink(missing_ok=True)
        if file.state not in ENDED:
            CustomerImport.objects.filter(pk=file.pk).update(state=ImportState.FAILED, failure=str(CUT_OFF))
    return len(found)


def find_left_out_rows(person: Person) -> list[dict[str, Any]]:
    rows = traced(ImportProblem.objects.all(), person, "value", "reason")
    return list(rows.values("line", "column", "value", "reason"))


def erase_left_out_rows(person: Person) -> int:
    names = traced(CustomerImport.objects.all(), person, "name").update(name="–")
    return names + traced(ImportProblem.objects.all(), person, "value", "reason", is_by_name=True).delete()[0]


def find_exports(person: Person) -> list[dict[str, Any]]:
    return list(traced(CustomerExport.objects.all(), person, "filters").values("created_at", "filters"))


def erase_exports(person: Person) -> int:
    """That somebody took a list out stays; what they had searched for does not."""
    return traced(CustomerExport.objects.all(), person, "filters", is_by_name=True).update(filters={})


PLACES = (
    Elsewhere("customers.uploads", _("uploaded files"), find_uploads, erase_uploads, is_outside_database=True),
    Elsewhere("customers.left_out_rows", _("rows left out of an import"), find_left_out_rows, erase_left_out_rows),
    Elsewhere("customers.exports", _("searches of exports"), find_exports, erase_exports),
)


def _uploads(person: Person) -> list[CustomerImport]:
    return [file for file in CustomerImport.objects.all() if file.path.exists() and _names(file, person)]


def _names(file: CustomerImport, person: Person) -> bool:
    """Line by line: files may be large."""
    encoding = "utf-8" if file.is_workbook else file.encoding
    with file.table.open(encoding=encoding, errors="replace") as lines:
        return any(person.is_traced_in(line) for line in lines)
