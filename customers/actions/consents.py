from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import Brand, User
from customers.consent import ADVERTISING_PURPOSES
from customers.holding import hold_people
from customers.models import Consent, ConsentText, Customer
from customers.models.consent import ConsentState, ContactChannel, LegalBasis


@transaction.atomic
def record_consent(
    *,
    customer: Customer,
    brand: Brand,
    purpose: str,
    address: str,
    origin: str,
    channel: str = ContactChannel.EMAIL,
    basis: str = LegalBasis.OPT_IN,
    text: ConsentText | None = None,
    language: str = "",
    is_from_sale: bool = False,
    is_for_similar_goods: bool = False,
    is_notice_given: bool = False,
    proof: dict[str, Any] | None = None,
    by: User | None = None,
) -> Consent:
    """Write a yes into the ledger. An existing customer needs its three conditions, the fourth is the ledger's."""
    hold_ledger(customer)
    consent = Consent(
        customer=customer,
        brand=brand,
        purpose=purpose,
        channel=channel,
        address=address,
        state=ConsentState.GRANTED,
        basis=basis,
        text=text,
        language=language,
        is_from_sale=is_from_sale,
        is_for_similar_goods=is_for_similar_goods,
        is_notice_given=is_notice_given,
        origin=origin,
        proof=proof or {},
        recorded_by=by,
    )
    consent.full_clean(exclude=["recorded_at"])
    consent.save()
    return consent


@transaction.atomic
def withdraw(*, consent: Consent, origin: str, by: User | None = None) -> Consent:
    """Take back this one yes, for its address, purpose and channel."""
    return _refuse(
        state=ConsentState.WITHDRAWN,
        customer=consent.customer,
        brand=consent.brand,
        purpose=consent.purpose,
        channel=consent.channel,
        address=consent.address,
        origin=origin,
        proof={"consent": consent.pk},
        by=by,
    )


@transaction.atomic
def object_to(
    *,
    customer: Customer,
    brand: Brand,
    origin: str,
    purposes: Sequence[str] = ADVERTISING_PURPOSES,
    channel: str = ContactChannel.EMAIL,
    address: str = "",
    proof: dict[str, Any] | None = None,
    by: User | None = None,
) -> list[Consent]:
    """Note an objection (Art. 21 DSGVO); without an address it counts for all addresses of the person."""
    return [
        _refuse(
            state=ConsentState.OBJECTED,
            customer=customer,
            brand=brand,
            purpose=purpose,
            channel=channel,
            address=address,
            origin=origin,
            proof=proof or {},
            by=by,
        )
        for purpose in purposes
    ]


def hold_ledger(customer: Customer) -> None:
    # A sender holds the same rows while it decides: whoever commits first decides for the other.
    hold_people([customer.pk])


def _refuse(*, customer: Customer, by: User | None, **fields: Any) -> Consent:
    hold_ledger(customer)
    return Consent.objects.create(customer=customer, recorded_by=by, **fields)
