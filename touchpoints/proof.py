"""The proof of a mail, from what was written down when it went; whatever the ledger says by now plays no part."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.consent import CONTRACT_BASIS
from customers.models.consent import ConsentState, LegalBasis, Purpose, SuppressionScope
from touchpoints.mail import STAFF_BASIS
from touchpoints.models import Message

BASES: dict[str, Any] = {
    **dict(LegalBasis.choices),
    CONTRACT_BASIS: _("as part of the contract"),
    STAFF_BASIS: _("internal"),
}
CONDITIONS = (
    ("is_from_sale", _("address from a sale")),
    ("is_for_similar_goods", _("own similar goods")),
    ("is_notice_given", _("notice given")),
)


@dataclass(frozen=True)
class Said:
    """One entry of the ledger as it was."""

    recorded_at: datetime
    state: str
    basis: str
    address: str
    conditions: list[tuple[Any, bool]]
    text: str
    words: str
    language: str
    origin: str
    recorded_by: str
    proof: dict[str, Any]
    is_ground: bool
    """The mail rests on this entry."""


@dataclass(frozen=True)
class Proof:
    decided_at: datetime | None
    purpose: str
    basis: str
    address: str
    suppressed: list[str]
    said: list[Said]

    @property
    def is_complete(self) -> bool:
        return self.decided_at is not None


def proof_of(message: Message) -> Proof:
    grounds = message.grounds
    decided_at = grounds.get("decided_at")
    purpose = grounds.get("purpose", "")
    return Proof(
        decided_at=datetime.fromisoformat(decided_at) if decided_at else None,
        purpose=str(Purpose(purpose).label) if purpose else "",
        basis=str(BASES.get(message.basis, message.basis)),
        address=grounds.get("address", message.recipient),
        suppressed=[str(SuppressionScope(scope).label) for scope in grounds.get("suppressed", [])],
        said=[_said(entry, message) for entry in grounds.get("ledger", [])],
    )


def _said(entry: dict[str, Any], message: Message) -> Said:
    is_sale = entry["basis"] == LegalBasis.EXISTING_CUSTOMER
    return Said(
        recorded_at=datetime.fromisoformat(entry["recorded_at"]),
        state=str(ConsentState(entry["state"]).label),
        basis=str(BASES.get(entry["basis"], "")),
        address=entry["address"],
        conditions=[(label, entry[name]) for name, label in CONDITIONS] if is_sale else [],
        text=entry["text"],
        words=entry["words"],
        language=entry["language"],
        origin=entry["origin"],
        recorded_by=entry["recorded_by"],
        proof=entry["proof"],
        is_ground=entry["id"] == message.grounds.get("consent"),
    )
