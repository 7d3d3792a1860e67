"""The one order in which transactions lock what they share (docs/adr/0007-one-order-of-locks.md).

0. a suggestion that is being decided, with those about the same two persons, by id
1. people: all records of their merged groups, by id, with `hold_people`, once per transaction
2. identities, by kind and value
3. what belongs to people: memberships, consents, suppressions, messages, invitations, cases
4. touchpoints, by message ID
"""

from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

from accounts.prepared import ask

HOLD = "select record, person, is_known, merged, apart from hold_people(%(records)s::bigint[])"
# Shorter than deadlock_timeout (a second), so that in a ring nobody else is ever the one who is sent back.
GIVE_WAY = "set local lock_timeout = '500ms'"
HOLD_TO_DELETE = "select id from customers_customer where id = any (%(records)s) order by id for update"


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


def hold_to_delete(records: Collection[int]) -> dict[int, Held]:
    """As `hold_people`, and nobody can add a row that refers to these.

    Who deletes people deletes whatever belongs to them, and meets everybody there in any order. So who deletes gives
    way: from here on, waiting for half a second raises OperationalError, and the transaction is to be begun again.
    """
    with connection.cursor() as cursor:
        cursor.execute(GIVE_WAY)
        held = hold_people(records)
        cursor.execute(HOLD_TO_DELETE, {"records": list(held)})
    return held
