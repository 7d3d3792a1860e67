from collections.abc import Callable, Mapping, Sequence

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
    will_change: Callable[[Sequence[int]], set[int]] | None = None,
) -> list[int]:
    """The customer record that each event belongs to, in order; new people and identifiers are created.

    `claims` are those of the identifiers (customers.claims); `held`, if any, were held before those were read.
    `will_change` is asked, before anything is written, which of these records the caller is going to change in this
    transaction (new ones have negative numbers and need no holding): their people are held as well. Raises
    LostRaceError when another transaction created one of the new identities first, or changed people who are to be
    merged. Three statements at most, however many events (customers.holding tells their order).
    """
    seen = {claim.record: (claim.person.pk, claim.person.is_known) for claim in claims.values()}
    found = Recognition(claims, is_verified=is_verified)
    records = [found.record_of(event) for event in events]
    held = _hold(found.touched, will_change(records) if will_change else set(), seen, held or {})
    if not found.is_news:
        return records
    drawn = store(found)
    if drawn is None:
        raise LostRaceError(held.keys())
    if found.merges or found.became_known or found.refused:
        _regroup(found, held, seen, drawn)
    return [drawn.get(record, record) for record in records]


def _hold(
    touched: set[int], changing: set[int], seen: Mapping[int, Person], held: Mapping[int, Held]
) -> Mapping[int, Held]:
    """Whom the caller changes, and who is to be merged or becomes known, if these still are what decided it."""
    wanted = touched | changing
    if not wanted:
        return held
    held = held or hold_people(wanted)
    as_held = {record: (it.person, held[it.person].is_known) for record, it in held.items()}
    if not wanted <= held.keys() or any(as_held[record] != seen[record] for record in touched):
        raise LostRaceError(wanted | held.keys())
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
