"""What a decision of the gate rested on, as it was then: kept with each mail, so that it can be proven later.

A copy, because the ledger grows, merges are undone and people are erased. It decides nothing.
"""

from datetime import datetime
from typing import Any

from accounts.models import Brand
from customers.models import Consent, Customer, Suppression
from customers.models.consent import Purpose
from customers.suppression import address_hmac

# Somebody who changes their mind daily does not fill every mail with it.
MOST_ENTRIES = 20


def grounds(
    *,
    customer: Customer,
    brand: Brand,
    purpose: str,
    channel: str,
    address: str,
    basis: str,
    consent_id: int | None,
    now: datetime,
) -> dict[str, Any]:
    """`ledger` holds what this person said on the purpose and channel, newest first."""
    return {
        "decided_at": now.isoformat(),
        "brand": brand.legal_name or brand.name,
        "purpose": purpose,
        "channel": channel,
        "address": address,
        "basis": basis,
        "consent": consent_id,
        "suppressed": sorted(_scopes(address)),
        "ledger": [] if purpose == Purpose.SERVICE else _ledger(customer, brand, purpose=purpose, channel=channel),
    }


def _scopes(address: str) -> list[str]:
    return list(Suppression.objects.filter(address_hmac=address_hmac(address)).values_list("scope", flat=True))


def _ledger(customer: Customer, brand: Brand, *, purpose: str, channel: str) -> list[dict[str, Any]]:
    said = Consent.objects.filter(
        customer__canonical__group=customer, brand=brand, purpose=purpose, channel=channel
    ).select_related("text", "recorded_by")
    return [_entry(consent) for consent in said.newest_first()[:MOST_ENTRIES]]


def _entry(consent: Consent) -> dict[str, Any]:
    return {
        "id": consent.pk,
        "recorded_at": consent.recorded_at.isoformat(),
        "state": consent.state,
        "basis": consent.basis,
        "address": consent.address,
        "is_from_sale": consent.is_from_sale,
        "is_for_similar_goods": consent.is_for_similar_goods,
        "is_notice_given": consent.is_notice_given,
        "text": str(consent.text or ""),
        "words": consent.words_shown,
        "language": consent.language,
        "origin": consent.origin,
        "proof": consent.proof,
        "recorded_by": str(consent.recorded_by or ""),
    }
