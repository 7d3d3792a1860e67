from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Brand
from customers.models import Customer
from touchpoints.models import Message
from touchpoints.models.message import MessageState


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


@transaction.atomic
def requeue_message(*, message: Message) -> Message:
    """Staff know better: the server was set up wrongly, or a mail in doubt did not arrive. The law is asked again."""
    again = Message.objects.ended_without_success().filter(pk=message.pk)
    if not again.update(state=MessageState.QUEUED, due_at=Now(), attempts=0, doubts=0, data_at=None):
        raise ValidationError(_("Only a mail that failed or whose fate is unknown can be sent again."))
    message.refresh_from_db()
    return message
