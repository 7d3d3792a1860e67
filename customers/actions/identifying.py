from collections.abc import Sequence

from django.db import transaction

from customers.actions.merging import merge_found
from customers.claims import note_named, note_refused, store
from customers.identity import Identifier
from customers.recognition import Claim, Recognition


@transaction.atomic(savepoint=False)
def identify(
    *, events: Sequence[Sequence[Identifier]], claims: dict[Identifier, Claim], is_verified: bool
) -> list[int]:
    """The customer record that each event belongs to, in order; new people and identifiers are created.

    `claims` are those of the identifiers (customers.claims). Raises LostRaceError when another transaction created one
    of the new identities first: then everything is to be rolled back and begun again.
    """
    note_named(claims)
    found = Recognition(claims, is_verified=is_verified)
    records = [found.record_of(event) for event in events]
    if not found.is_news:
        return records
    drawn = store(found)
    merge_found(found.merges, drawn)
    note_refused(found.refused, drawn)
    return [drawn.get(record, record) for record in records]
