from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.prepared import ask
from customers.groups import Edge, canonical_records
from customers.holding import Held, hold_people
from customers.models import Customer, Merge
from customers.models.merge import CustomerChangeKind

REGROUP = (Path(__file__).parent.parent / "sql" / "regroup.sql").read_text()


class Meeting(NamedTuple):
    """Two records of known people that one event named together, and what they have in common."""

    record: int
    other: int
    evidence: str

    def row(self, persons: Mapping[int, int]) -> dict[str, Any] | None:
        """For the statement; none when the two are one person."""
        person, other_person = persons.get(self.record, self.record), persons.get(self.other, self.other)
        if person == other_person:
            return None
        return self._asdict() | {"person": person, "other_person": other_person}


@transaction.atomic
def merge_customers(*, kept: Customer, merged: Customer, reason: str, by: User | None = None) -> Merge:
    """Note that two records are one person. No other row is rewritten, so it can be undone."""
    if kept.pk == merged.pk:
        raise ValidationError(_("A record cannot be merged with itself."))
    refuse_merging(hold_people([kept.pk, merged.pk]), kept.pk, merged.pk)
    merge = Merge.objects.create(kept=kept, merged=merged, reason=reason, created_by=by)
    regroup(hold_people([kept.pk, merged.pk]), kind=CustomerChangeKind.MERGED)
    return merge


def refuse_merging(held: Mapping[int, Held], kept: int, merged: int) -> None:
    """A second edge between two of one group would stand unseen, and undoing either of them would change nothing."""
    if kept not in held or merged not in held:
        raise ValidationError(_("One of the two records is gone: the person was erased."), "gone")
    if held[kept].person == held[merged].person:
        raise ValidationError(_("These two stand for one person already."), "one_person")


@transaction.atomic
def undo_merge(*, merge: Merge, by: User | None = None) -> Merge:
    """Take the edge away; the groups are again what the other merges say. The merge as it stands afterwards."""
    hold_people([merge.kept_id, merge.merged_id])
    if Merge.objects.standing().filter(pk=merge.pk).update(undone_at=timezone.now(), undone_by=by):
        regroup(hold_people([merge.kept_id, merge.merged_id]), kind=CustomerChangeKind.UNMERGED)
    now = Merge.objects.select_related("kept", "merged").filter(pk=merge.pk).first()
    if now is None:
        raise ValidationError(_("This merge is gone: the person was erased."), "gone")
    return now


@transaction.atomic
def note_known(*, customer: Customer) -> None:
    """More than a device or a receipt is known of this record, so it may stand for its group from now on."""
    regroup(hold_people([customer.pk]), known=[customer.pk])


def regroup(
    held: Mapping[int, Held],
    *,
    kind: CustomerChangeKind = CustomerChangeKind.MERGED,
    merges: Mapping[Edge, str] | None = None,
    known: Collection[int] = (),
    met: Iterable[Meeting] = (),
    person_of: Mapping[int, int] | None = None,
) -> None:
    """Make the canonical records of all that is held what the standing merges say, and tell the followers.

    `merges` are edges to be added, with their reasons; their ends are held, or new in this transaction. `known` are
    records that became known just now. `met` are to be compared by staff if they are two persons still; `person_of`
    gives the canonical records of those that are not held.
    """
    merges = merges or {}
    standing = [(record, merged) for record, it in held.items() for merged in it.merged]
    before = {record: record for edge in merges for record in edge} | {record: it.person for record, it in held.items()}
    all_known = {record for record, it in held.items() if it.is_known} | set(known)
    after = canonical_records(before, [*standing, *merges], known=all_known)
    changed = {record for record in before if after[record] != before[record]}
    changed |= {record for record in known if record in held and not held[record].is_known}
    persons = {**(person_of or {}), **after}
    parameters = {
        "merges": [{"kept": kept, "merged": merged, "reason": reason} for (kept, merged), reason in merges.items()],
        "records": [{"record": it, "person": after[it], "is_known": it in all_known} for it in changed],
        "changes": [
            {"person": new, "before": old}
            for new, old in sorted({(after[it], before[it]) for it in changed if after[it] != before[it]})
        ],
        "met": [row for it in met if (row := it.row(persons))],
    }
    if any(parameters.values()):
        ask(REGROUP, {"kind": kind} | {name: msgspec.json.encode(rows).decode() for name, rows in parameters.items()})
