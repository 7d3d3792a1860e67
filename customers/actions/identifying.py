from collections.abc import Mapping, Sequence

from django.db import transaction

from customers.actions.merging import Meeting, regroup
from customers.claims import LostRaceError, store
from customers.groups import allowed_merges
from customers.holding import Held, hold_people
from customers.identity import Identifier
from customers.models.merge import CustomerChangeKind
from customers.recognition import Claim, Recognition

Person = tuple[int | None, bool]
"""The canonical record, and whether it is known."""


@transaction.atomic(savepoint=False)
def identify(
    *,
    events: Sequence[Sequence[Identifier]],
    claims: dict[Identifier, Claim],
    is_verified: bool,
    held: Mapping[int, Held] | None = None,
) -> list[int]:
    """The customer record that each event belongs to, in order; new people and identifiers are created.

    `claims` are those of the identifiers (customers.claims); `held`, if any, were held before those were read. Raises
    LostRaceError when another transaction created one of the new identities first, or changed people who are to be
    merged. Three statements at most, however many events (customers.holding tells their order).
    """
    seen = {claim.record: (claim.person.pk, claim.person.is_known) for claim in claims.values()}
    found = Recognition(claims, is_verified=is_verified)
    records = [found.record_of(event) for event in events]
    if not found.is_news:
        return records
    held = _hold(found.touched, seen, held or {})
    drawn = store(found)
    if drawn is None:
        raise LostRaceError(held.keys())
    if found.merges or found.became_known or found.refused:
        _regroup(found, held, seen, drawn)
    return [drawn.get(record, record) for record in records]


def _hold(touched: set[int], seen: Mapping[int, Person], held: Mapping[int, Held]) -> Mapping[int, Held]:
    """Who is to be merged or becomes known, if they still are what recognition decided by."""
    if not touched:
        return held
    held = held or hold_people(touched)
    as_held = {record: (it.person, held[it.person].is_known) for record, it in held.items()}
    if any(as_held.get(record) != seen[record] for record in touched):
        raise LostRaceError(touched | held.keys())
    return held


def _regroup(
    found: Recognition, held: Mapping[int, Held], seen: Mapping[int, Person], drawn: Mapping[int, int]
) -> None:
    reasons = {
        (drawn.get(it.kept, it.kept), drawn.get(it.merged, it.merged)): f"{it.found_by.kind} of one event"
        for it in found.merges
    }
    person_of = {record: it.person for record, it in held.items()}
    apart = [(record, other) for record, it in held.items() for other in it.apart]
    regroup(
        held,
        kind=CustomerChangeKind.MERGED,
        merges={edge: reasons[edge] for edge in allowed_merges([*reasons], person_of, apart)},
        known=found.became_known | {drawn[number] for number in found.known_records()},
        met=[
            Meeting(drawn.get(it.record, it.record), drawn.get(it.other, it.other), it.evidence)
            for it in sorted(found.refused)
        ],
        person_of={record: person for record, (person, _is_known) in seen.items() if person},
    )
