from datetime import datetime

from django.db import transaction

from accounts.models import Brand
from customers.models import Customer
from touchpoints.models import Message


@transaction.atomic
def queue_message(
    *,
    kind: str,
    key: str,
    brand: Brand,
    customer: Customer | None,
    reference: int | None = None,
    due_at: datetime | None = None,
) -> Message:
    """Write the outbox row that a sender will claim; the same key again returns the one already there."""
    message, _created = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "brand": brand,
            "customer": customer,
            "reference": reference,
            **({"due_at": due_at} if due_at else {}),
        },
    )
    return message
