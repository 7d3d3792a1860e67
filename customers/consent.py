"""May we contact this person? The only gate (§ 7 UWG, Art. 6 and 21 DSGVO); nothing else decides.

`decide` is the law as a pure function, `contact_decisions` asks it for many people in three queries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from accounts.models import Brand
from customers.models import Consent, Customer, Identity, Pause, Suppression
from customers.models.consent import ConsentState, ContactChannel, LegalBasis, Purpose, SuppressionScope
from customers.suppression import address_hmac

# BGH VI ZR 225/17: asking how satisfied somebody was is advertising, whatever else stands in the mail.
ADVERTISING_PURPOSES = (Purpose.SURVEY, Purpose.REVIEW, Purpose.MARKETING)
CONTRACT_BASIS = "contract"  # Art. 6 (1) b DSGVO
POST_BASIS = "post_until_objection"  # § 7 UWG knows no consent for letters


class Refusal(StrEnum):
    SUPPRESSED = "suppressed"
    NO_ADDRESS = "no_address"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    NO_LEGAL_BASIS = "no_legal_basis"
    BRAND_INCOMPLETE = "brand_incomplete"
    PAUSED = "paused"


@dataclass(frozen=True)
class ContactDecision:
    is_allowed: bool
    purpose: str
    address: str = ""
    basis: str = ""
    consent_id: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Entry:
    """What the gate reads of one entry of the ledger."""

    id: int
    address: str
    state: str
    basis: str
    recorded_at: datetime

    def speaks_for(self, address: str) -> bool:
        """A no without address counts for all, a yes never does."""
        return self.address == address or (not self.address and self.state != ConsentState.GRANTED)


@dataclass(frozen=True)
class Facts:
    """All that is known of one person for one purpose, channel and brand."""

    addresses: tuple[str, ...] = ()
    """Best first."""
    entries: tuple[Entry, ...] = ()
    suppressed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Scopes by address."""
    is_paused: bool = False
    """The person wants to be left alone for a while."""


def may_contact(customer: Customer, *, purpose: str, channel: str, brand: Brand, now: datetime) -> ContactDecision:
    return contact_decisions([customer], purpose=purpose, channel=channel, brand=brand, now=now)[customer.pk]


def contact_decisions(
    customers: Collection[Customer], *, purpose: str, channel: str, brand: Brand, now: datetime
) -> dict[int, ContactDecision]:
    """The decision for each customer, by id; it speaks for the whole merged group."""
    if channel == ContactChannel.EMAIL and not brand.may_send_mail:
        refused = ContactDecision(is_allowed=False, purpose=purpose, reason=Refusal.BRAND_INCOMPLETE)
        return {customer.pk: refused for customer in customers}
    facts = _facts(customers, purpose=purpose, channel=channel, brand=brand, now=now)
    return {
        customer.pk: decide(facts[_group(customer)], purpose=purpose, channel=channel, now=now)
        for customer in customers
    }


def may_ask(
    customer: Customer, *, address: str, purposes: Collection[str], brand: Brand, since: datetime
) -> ContactDecision:
    """The one mail of a double opt-in, to an address that nobody has confirmed: somebody gave it to us for this.

    Whoever complained is not asked, nor is who said no after the request.
    """
    reason = _reason_not_to_ask(customer, address=address, purposes=purposes, brand=brand, since=since)
    if reason:
        return ContactDecision(is_allowed=False, purpose=Purpose.SERVICE, address=address, reason=reason)
    return ContactDecision(is_allowed=True, purpose=Purpose.SERVICE, address=address, basis=CONTRACT_BASIS)


def _reason_not_to_ask(
    customer: Customer, *, address: str, purposes: Collection[str], brand: Brand, since: datetime
) -> str:
    if not brand.may_send_mail:
        return Refusal.BRAND_INCOMPLETE
    if _suppressed([address]):
        return Refusal.SUPPRESSED
    said = Consent.objects.filter(
        customer__canonical__group=customer, brand=brand, channel=ContactChannel.EMAIL, recorded_at__gt=since
    )
    return Refusal.OBJECTED if said.filter(purpose__in=purposes).exclude(state=ConsentState.GRANTED).exists() else ""


def decide(facts: Facts, *, purpose: str, channel: str, now: datetime) -> ContactDecision:
    if not facts.addresses:
        return ContactDecision(is_allowed=False, purpose=purpose, reason=Refusal.NO_ADDRESS)
    decisions = [
        _decide_address(address, facts, purpose=purpose, channel=channel, now=now) for address in facts.addresses
    ]
    allowed = [decision for decision in decisions if decision.is_allowed]
    if not allowed:
        return decisions[0]
    # The address that the newest consent names; without consents the best one.
    best = max(allowed, key=lambda decision: decision.consent_id or 0)
    if facts.is_paused and purpose in ADVERTISING_PURPOSES:
        return replace(best, is_allowed=False, basis="", consent_id=None, reason=Refusal.PAUSED)
    return best


def _decide_address(address: str, facts: Facts, *, purpose: str, channel: str, now: datetime) -> ContactDecision:
    reason, basis, consent_id = _judge(address, facts, purpose=purpose, channel=channel, now=now)
    return ContactDecision(
        is_allowed=not reason, purpose=purpose, address=address, basis=basis, consent_id=consent_id, reason=reason
    )


def _judge(address: str, facts: Facts, *, purpose: str, channel: str, now: datetime) -> tuple[str, str, int | None]:
    """Why not, else on which basis and which entry of the ledger."""
    if _is_suppressed(facts.suppressed.get(address, frozenset()), purpose):
        return Refusal.SUPPRESSED, "", None
    if purpose == Purpose.SERVICE:
        return "", CONTRACT_BASIS, None
    if purpose not in ADVERTISING_PURPOSES:
        return Refusal.NO_LEGAL_BASIS, "", None
    entry = _deciding_entry([entry for entry in facts.entries if entry.speaks_for(address)], now=now)
    if entry is None:
        return ("", POST_BASIS, None) if channel == ContactChannel.POST else (Refusal.NO_LEGAL_BASIS, "", None)
    if entry.state != ConsentState.GRANTED:
        return Refusal(entry.state), "", None
    if entry.basis == LegalBasis.EXISTING_CUSTOMER and channel != ContactChannel.EMAIL:
        return Refusal.NO_LEGAL_BASIS, "", None  # § 7 (3) UWG covers electronic mail only
    return "", entry.basis, entry.id


def _is_suppressed(scopes: Collection[str], purpose: str) -> bool:
    if SuppressionScope.ALL in scopes:
        return True
    return SuppressionScope.ADVERTISING in scopes and purpose != Purpose.SERVICE


def _deciding_entry(entries: Iterable[Entry], *, now: datetime) -> Entry | None:
    """The newest entry; but a no stands until the person says yes, whatever they buy in the meantime.

    A yes from after `now` does not count yet, a no always does: with clocks that differ we rather do not write.
    """
    deciding: Entry | None = None
    for entry in sorted(entries, key=lambda entry: (entry.recorded_at, entry.id)):
        is_yes = entry.state == ConsentState.GRANTED
        if is_yes and entry.recorded_at > now:
            continue
        has_no = deciding is not None and deciding.state != ConsentState.GRANTED
        if is_yes and has_no and entry.basis != LegalBasis.OPT_IN:
            continue
        deciding = entry
    return deciding


def _facts(
    customers: Collection[Customer], *, purpose: str, channel: str, brand: Brand, now: datetime
) -> defaultdict[int, Facts]:
    groups = {_group(customer) for customer in customers}
    addresses = _postal_addresses(groups) if channel == ContactChannel.POST else _identities(groups, channel)
    entries = _entries(groups, purpose=purpose, channel=channel, brand=brand)
    suppressed = _suppressed({address for found in addresses.values() for address in found})
    paused = _paused(groups, purpose=purpose, brand=brand, now=now)
    facts: defaultdict[int, Facts] = defaultdict(Facts)
    for group in groups:
        facts[group] = Facts(tuple(addresses[group]), tuple(entries[group]), suppressed, group in paused)
    return facts


def _group(customer: Customer) -> int:
    return customer.canonical_id or customer.pk


def _identities(groups: Collection[int], channel: str) -> defaultdict[int, list[str]]:
    """Newest first. Never what only a browser claimed: anybody can type somebody else's address there."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    identities = Identity.objects.filter(customer__canonical__in=groups, kind=channel, is_trusted=True)
    for identity in identities.order_by("-id").select_related("customer"):
        found[_group(identity.customer)].append(identity.value)
    return found


def _postal_addresses(groups: Collection[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    customers = Customer.objects.filter(pk__in=groups).exclude(street="").exclude(postal_code="").exclude(city="")
    for customer in customers:
        found[customer.pk].append(f"{customer.street}, {customer.postal_code} {customer.city}")
    return found


def _entries(groups: Collection[int], *, purpose: str, channel: str, brand: Brand) -> defaultdict[int, list[Entry]]:
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    if purpose == Purpose.SERVICE:
        return found
    ledger = Consent.objects.filter(customer__canonical__in=groups, purpose=purpose, channel=channel, brand=brand)
    for row in ledger.select_related("customer"):
        found[_group(row.customer)].append(Entry(row.pk, row.address, row.state, row.basis, row.recorded_at))
    return found


def _paused(groups: Collection[int], *, purpose: str, brand: Brand, now: datetime) -> set[int | None]:
    if purpose not in ADVERTISING_PURPOSES:
        return set()
    running = Pause.objects.running(now=now).filter(customer__canonical__in=groups, brand=brand)
    return set(running.values_list("customer__canonical_id", flat=True))


def _suppressed(addresses: Collection[str]) -> dict[str, frozenset[str]]:
    by_hmac = {address_hmac(address): address for address in addresses}
    scopes: defaultdict[str, set[str]] = defaultdict(set)
    rows = Suppression.objects.filter(address_hmac__in=list(by_hmac)).values_list("address_hmac", "scope")
    for digest, scope in rows:
        scopes[by_hmac[bytes(digest)]].add(scope)
    return {address: frozenset(found) for address, found in scopes.items()}
