from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Brand, User
from customers.claims import store
from customers.consent import ADVERTISING_PURPOSES
from customers.groups import canonical_records
from customers.identity import Identifier
from customers.models import Consent, ConsentText, Customer, CustomerChange, Merge, Suppression
from customers.models.consent import UNSUBSCRIBED, ConsentState, ContactChannel, LegalBasis, SuppressionScope
from customers.models.merge import CustomerChangeKind
from customers.recognition import Claim, FoundMerge, Recognition
from customers.suppression import address_hmac


@transaction.atomic(savepoint=False)
def identify(
    *, events: Sequence[Sequence[Identifier]], claims: dict[Identifier, Claim], is_verified: bool
) -> list[int]:
    """The customer record that each event belongs to, in order; new people and identifiers are created.

    `claims` are those of the identifiers (customers.claims). Raises LostRaceError when another transaction created one
    of the new identities first: then everything is to be rolled back and begun again.
    """
    found = Recognition(claims, is_verified=is_verified)
    records = [found.record_of(event) for event in events]
    if not found.is_news:
        return records
    drawn = store(found)
    _merge_found(found.merges, drawn)
    return [drawn.get(record, record) for record in records]


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
    is_from_sale: bool = False,
    is_for_similar_goods: bool = False,
    is_notice_given: bool = False,
    proof: dict[str, Any] | None = None,
    by: User | None = None,
) -> Consent:
    """Write a yes into the ledger. An existing customer needs its three conditions, the fourth is the ledger's."""
    _hold_ledger(customer)
    consent = Consent(
        customer=customer,
        brand=brand,
        purpose=purpose,
        channel=channel,
        address=address,
        state=ConsentState.GRANTED,
        basis=basis,
        text=text,
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


@transaction.atomic
def suppress_address(*, address: str, reason: str, scope: str = SuppressionScope.ALL) -> Suppression:
    """Never write to this address again, whoever it may belong to by then."""
    list(Customer.objects.filter(identities__value=address).hold())
    suppression, _created = Suppression.objects.get_or_create(
        address_hmac=address_hmac(address), scope=scope, defaults={"reason": reason}
    )
    return suppression


@transaction.atomic
def unsubscribe(*, consent: Consent) -> bool:
    """No more mails for the purpose of this consent, to none of the person's addresses; once is enough."""
    _hold_ledger(consent.customer)
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
    _hold_ledger(consent.customer)
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


@transaction.atomic
def merge_customers(*, kept: Customer, merged: Customer, reason: str, by: User | None = None) -> Merge:
    """Note that two records are one person. No other row is rewritten, so it can be undone."""
    if kept.pk == merged.pk:
        raise ValidationError(_("A record cannot be merged with itself."))
    before = _hold_groups(kept.pk, merged.pk)
    merge, is_new = Merge.objects.standing().get_or_create(
        kept=kept, merged=merged, defaults={"reason": reason, "created_by": by}
    )
    if is_new:
        _regroup(before, kind=CustomerChangeKind.MERGED)
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, by: User | None = None) -> Merge:
    """Take the edge away; the groups are again what the other merges say."""
    before = _hold_groups(merge.kept_id, merge.merged_id)
    if Merge.objects.standing().filter(pk=merge.pk).update(undone_at=timezone.now(), undone_by=by):
        _regroup(before, kind=CustomerChangeKind.UNMERGED)
    merge.refresh_from_db()
    return merge


def _merge_found(merges: Sequence[FoundMerge], drawn: dict[int, int]) -> None:
    """All at once, so that the locks are taken in one order: two batches never wait for each other in a ring."""
    edges = {(drawn.get(it.kept, it.kept), drawn.get(it.merged, it.merged)): it.found_by.kind for it in merges}
    # What staff took apart stays apart.
    apart = [edge for edge in edges if Merge.objects.undone_between(*edge).exists()]
    new = [
        Merge(kept_id=kept, merged_id=merged, reason=f"{kind} of one event")
        for (kept, merged), kind in sorted(edges.items())
        if (kept, merged) not in apart
    ]
    if new:
        before = _hold_groups(*{pk for merge in new for pk in (merge.kept_id, merge.merged_id)})
        Merge.objects.bulk_create(new, ignore_conflicts=True)
        _regroup(before, kind=CustomerChangeKind.MERGED)


def _refuse(*, customer: Customer, by: User | None, **fields: Any) -> Consent:
    _hold_ledger(customer)
    return Consent.objects.create(customer=customer, recorded_by=by, **fields)


def _hold_ledger(customer: Customer) -> None:
    # A sender holds the same row while it decides: whoever commits first decides for the other.
    list(Customer.objects.filter(pk=customer.canonical_id or customer.pk).hold())


def _hold_groups(*pks: int) -> dict[int, int]:
    """All records of the groups of these, each with its canonical one, locked against other merges.

    Locked in the order of ids. When somebody regrouped them while we waited, the locks are given back
    (with the savepoint) before the next try, so the order holds and nobody waits for each other.
    """
    group = Customer.objects.filter(canonical__in=Customer.objects.filter(pk__in=pks).values("canonical"))
    while True:
        with transaction.atomic():
            held = {record.pk: record.canonical_id or record.pk for record in group.only("canonical").hold()}
            if held == dict(group.values_list("pk", "canonical_id")):
                return held
            transaction.set_rollback(True)


def _regroup(before: dict[int, int], *, kind: CustomerChangeKind) -> None:
    edges = Merge.objects.standing().filter(kept__in=before).values_list("kept_id", "merged_id")
    moved = {pk: new for pk, new in canonical_records(before, edges).items() if new != before[pk]}
    Customer.objects.bulk_update([Customer(pk=pk, canonical_id=new) for pk, new in moved.items()], ["canonical"])
    CustomerChange.objects.bulk_create(
        CustomerChange(kind=kind, customer_pk=new, other_pk=old)
        for new, old in sorted({(new, before[pk]) for pk, new in moved.items()})
    )
