from django.db import transaction

from accounts.models import Brand
from customers.actions.consents import object_to
from customers.holding import hold_people
from customers.models import Identity, Suppression
from customers.models.consent import SuppressionScope
from customers.suppression import address_hmac

HARD_BOUNCE, COMPLAINT = "hard bounce", "complaint"


@transaction.atomic
def suppress_address(*, address: str, reason: str, scope: str = SuppressionScope.ALL) -> Suppression:
    """Never write to this address again, whoever it may belong to by then."""
    return _suppress(address, reason=reason, scope=scope)[0]


def note_bounce(*, address: str) -> Suppression:
    """The server of the address says for good that nobody is there (RFC 3463); a full mailbox is no reason."""
    return suppress_address(address=address, reason=HARD_BOUNCE)


@transaction.atomic
def note_complaint(*, address: str, brand: Brand) -> Suppression:
    """Somebody called our mail spam: no advertising to this address, whoever it belongs to by then.

    It is an objection as well (Art. 21 DSGVO), for this address; their orders and matters go on.
    """
    suppression, is_new = _suppress(address, reason=COMPLAINT, scope=SuppressionScope.ADVERTISING)
    owner = Identity.objects.select_related("customer").filter(kind="email", value=address).first()
    if owner and is_new:
        object_to(customer=owner.customer, brand=brand, address=address, origin=COMPLAINT)
    return suppression


def _suppress(address: str, *, reason: str, scope: str) -> tuple[Suppression, bool]:
    # Held as a sender holds them.
    hold_people(Identity.objects.filter(value=address).values_list("customer", flat=True))
    return Suppression.objects.get_or_create(
        address_hmac=address_hmac(address), scope=scope, defaults={"reason": reason}
    )
