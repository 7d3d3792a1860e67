"""How far the senders are behind."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min

from touchpoints.models import MailHost, Message


class Backlog(NamedTuple):
    mails: int
    seconds: float
    """How long the oldest mail that is due has been waiting."""
    is_server_failing: bool


def mail_backlog(*, now: datetime) -> Backlog:
    due = Message.objects.waiting().aggregate(mails=Count("id"), oldest_at=Min("due_at"))
    return Backlog(
        mails=due["mails"],
        seconds=max(0.0, (now - due["oldest_at"]).total_seconds()) if due["oldest_at"] else 0.0,
        is_server_failing=MailHost.objects.filter(failures__gt=0).exists(),
    )
