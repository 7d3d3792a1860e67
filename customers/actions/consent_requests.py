"""Double opt-in: a yes counts once whoever reads the mails of the address has confirmed it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Brand, User
from customers.actions.consents import hold_ledger, record_consent
from customers.models import ConsentRequest, ConsentText, Customer, Identity

# A double click asks once; and nobody fills a stranger's mailbox through us.
SAME_WITHIN = timedelta(minutes=10)
MOST_PER_DAY = 3


@transaction.atomic
def request_consent(
    *,
    customer: Customer,
    brand: Brand,
    address: str,
    purposes: Sequence[str],
    text: ConsentText,
    origin: str,
    language: str = "",
    proof: dict[str, Any] | None = None,
    by: User | None = None,
) -> ConsentRequest:
    """Ask the reader of this address to confirm. The address is written to for nothing else until they did."""
    hold_ledger(customer)
    now = timezone.now()
    asked = ConsentRequest.objects.filter(address=address, requested_at__gt=now - timedelta(days=1))
    same = asked.filter(brand=brand, text=text, purposes=sorted(purposes), requested_at__gt=now - SAME_WITHIN)
    if already := same.filter(customer__canonical__group=customer).first():
        return already
    if asked.filter(confirmed_at=None).count() >= MOST_PER_DAY:
        raise ValidationError(_("This address was asked several times today. Wait until tomorrow."), "asked_often")
    _claim(customer, address)
    asked_now = ConsentRequest.objects.create(
        customer=customer,
        brand=brand,
        address=address,
        purposes=sorted(purposes),
        text=text,
        origin=origin,
        language=language or customer.language or brand.language,
        proof=proof or {},
        requested_by=by,
    )
    asked_now.refresh_from_db(fields=["requested_at"])
    return asked_now


def ask_again(*, request: ConsentRequest) -> ConsentRequest:
    """The link of the first mail is no longer valid: a new mail with a new one."""
    return request_consent(
        customer=request.customer,
        brand=request.brand,
        address=request.address,
        purposes=request.purposes,
        text=request.text,
        origin=request.origin,
        language=request.language,
        proof=request.proof | {"asked_again_for": request.pk},
    )


@transaction.atomic
def confirm_consent(*, request: ConsentRequest, now: datetime) -> bool:
    """Write the yes into the ledger, once. False: the link is no longer valid."""
    hold_ledger(request.customer)
    request.refresh_from_db()
    if request.confirmed_at:
        return True
    if now >= request.expires_at:
        return False
    proof = request.proof | {
        "double_opt_in": request.pk,
        "requested_at": request.requested_at.isoformat(),
        "confirmed_at": now.isoformat(),
    }
    for purpose in request.purposes:
        record_consent(
            customer=request.customer,
            brand=request.brand,
            purpose=purpose,
            address=request.address,
            text=request.text,
            language=request.language,
            origin=request.origin,
            proof=proof,
        )
    # Now we know that the address is theirs.
    Identity.objects.filter(kind="email", value=request.address).update(is_trusted=True)
    people = {request.customer_id, request.customer.canonical_id or request.customer_id}
    Customer.objects.filter(pk__in=people, is_known=False).update(is_known=True)
    request.confirmed_at = now
    request.save(update_fields=["confirmed_at"])
    return True


def _claim(customer: Customer, address: str) -> None:
    """The address belongs to this person from now on, but is not believed before it is confirmed."""
    given: dict[str, Any] = {"customer": customer, "is_trusted": False, "is_by_hand": True}
    identity, _is_new = Identity.objects.get_or_create(kind="email", value=address, defaults=given)
    if identity.customer.canonical_id != customer.canonical_id:
        raise ValidationError(_("This address belongs to another customer."), "identity_known")
