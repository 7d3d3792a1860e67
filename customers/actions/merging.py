from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.groups import canonical_records
from customers.models import Customer, CustomerChange, Merge
from customers.models.merge import CustomerChangeKind
from customers.recognition import FoundMerge


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


def merge_found(merges: Sequence[FoundMerge], drawn: dict[int, int]) -> None:
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
