"""Where touchpoints leave traces of a person that no relation leads to."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.privacy.elsewhere import Elsewhere
from customers.privacy.person import Person
from customers.privacy.traces import traced
from touchpoints.models import IdempotencyRecord, MailHost, RejectedTouchpoint


def find_rejected(person: Person) -> list[dict[str, Any]]:
    return [
        {"received_at": row.received_at, "reason": row.detail, "raw": bytes(row.raw).decode(errors="replace")}
        for row in _rejected(person)
    ]


def erase_rejected(person: Person) -> int:
    """Also where only a name stands: what could not be stored is nobody's yet."""
    return _rejected(person, is_by_name=True).delete()[0]


def erase_answers(person: Person) -> int:
    """Kept for repeated requests; without one a request is taken as new, and finds its touchpoints stored."""
    return traced(IdempotencyRecord.objects.all(), person, "key", "answer").delete()[0]


def erase_errors(person: Person) -> int:
    """Mail servers quote the address they refuse."""
    return traced(MailHost.objects.all(), person, "error").update(error="")


def _nothing_more(_person: Person) -> list[dict[str, Any]]:
    """Repeats what is told already."""
    return []


def _rejected(person: Person, *, is_by_name: bool = False) -> QuerySet[RejectedTouchpoint]:
    rows = RejectedTouchpoint.objects.all()
    return traced(rows, person, "message_id", "detail", bytes_field="raw", is_by_name=is_by_name)


PLACES = (
    Elsewhere("touchpoints.rejected", _("rejected touchpoints"), find_rejected, erase_rejected),
    Elsewhere("touchpoints.answers", _("answers kept for repeated requests"), _nothing_more, erase_answers),
    Elsewhere("touchpoints.errors", _("errors of mail servers"), _nothing_more, erase_errors),
)
