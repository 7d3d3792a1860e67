from datetime import datetime

from django.db import transaction

from customers.actions.consents import hold_ledger, object_to, record_consent
from customers.models import Consent
from customers.models.consent import UNSUBSCRIBED


@transaction.atomic
def unsubscribe(*, consent: Consent) -> bool:
    """No more mails for the purpose of this consent, to none of the person's addresses; once is enough."""
    hold_ledger(consent.customer)
    if consent.is_unsubscribed:
        return False
    object_to(
        customer=consent.customer,
        brand=consent.brand,
        purposes=[consent.purpose],
        channel=consent.channel,
        origin=UNSUBSCRIBED,
        proof={"consent": consent.pk},
    )
    return True


@transaction.atomic
def undo_unsubscribe(*, consent: Consent, now: datetime) -> bool:
    """The person says yes to mails for this purpose again, just after having said no by mistake."""
    hold_ledger(consent.customer)
    if not consent.may_undo_unsubscribe(now=now):
        return False
    record_consent(
        customer=consent.customer,
        brand=consent.brand,
        purpose=consent.purpose,
        channel=consent.channel,
        address=consent.address,
        origin="unsubscribe_undone",
        proof={"consent": consent.pk},
    )
    return True
