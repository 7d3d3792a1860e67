"""The one order in which transactions lock what they share (docs/adr/0007-one-order-of-locks.md).

0. a suggestion that is being decided
1. people: all records of their merged groups, by id, with `hold_people`, once per transaction
2. identities, by kind and value
3. what belongs to people: memberships, consents, suppressions, messages, invitations, cases
4. touchpoints, by message ID
"""

from collections.abc import Collection
from typing import NamedTuple

from accounts.prepared import ask

HOLD = "select record, person, is_known, merged, apart from hold_people(%(records)s::bigint[])"


class Held(NamedTuple):
    """A record as it stands: `person` is its canonical record, `merged` what was merged into it and still is,
    `apart` what staff took away from it again or kept apart from it."""

    record: int
    person: int
    is_known: bool
    merged: list[int]
    apart: list[int]


def hold_people(records: Collection[int]) -> dict[int, Held]:
    """Lock the groups of these against merges, ledger entries and mails being decided; all at once, never one by one.

    What is read from here on is true until the transaction ends.
    """
    rows = ask(HOLD, {"records": list(records)}).fetchall()
    return {row[0]: Held(*row) for row in rows}
