"""What an agent writes down about a contact, and taking it back."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from customers.models import Customer
from touchpoints.actions.recording import STAFF_SOURCE, record_touchpoint
from touchpoints.models import Touchpoint
from touchpoints.models.touchpoint import Actor


@transaction.atomic
def log_contact(
    *,
    customer: Customer,
    by: User,
    key: str,
    type: str,
    occurred_at: datetime,
    subject: str = "",
    note: str = "",
    valence: int | None = None,
) -> Touchpoint:
    """Write down a contact. `key` is drawn with the form, so sending it twice writes it once."""
    return record_touchpoint(
        source=STAFF_SOURCE,
        message_id=f"contact:{key}",
        type=type,
        customer=customer,
        occurred_at=occurred_at,
        subject=subject,
        valence=valence,
        actor=Actor.AGENT,
        properties={"by": by.pk} | ({"note": note} if note else {}),
    )


@transaction.atomic
def retract_touchpoint(*, touchpoint: Touchpoint, by: User) -> Touchpoint:
    """Take a touchpoint back: it stays in the stream, and everything that reads the stream forgets it."""
    retraction, _created = Touchpoint.objects.get_or_create(
        source=touchpoint.source,
        message_id=f"{touchpoint.message_id[:80]}:retracted",
        defaults={
            "customer": touchpoint.customer,
            "occurred_at": touchpoint.occurred_at,
            "subject": touchpoint.subject,
            "replaces": touchpoint.replaces or touchpoint.message_id,
            "actor": Actor.AGENT,
            "properties": {"by": by.pk},
        },
    )
    return retraction
