from datetime import datetime

from django.db import transaction

from customers.models import ConsentRequest
from touchpoints.actions.messages import queue_message
from touchpoints.opt_in_mail import KIND

MOST_AT_ONCE = 500


@transaction.atomic
def queue_opt_ins(*, now: datetime) -> int:
    """Write the mails that ask for a confirmation into the outbox."""
    requests = ConsentRequest.objects.without_mail().select_for_update(of=("self",), skip_locked=True)
    taken = list(requests.select_related("brand", "customer").order_by("id")[:MOST_AT_ONCE])
    for request in taken:
        queue_message(
            kind=KIND,
            key=f"opt-in:{request.pk}",
            reference=request.pk,
            brand=request.brand,
            customer=request.customer,
        )
    ConsentRequest.objects.filter(pk__in=[request.pk for request in taken]).update(queued_at=now)
    return len(taken)
