"""Up to where the feed is final. An id is drawn before its transaction commits, so the newest rows are not
yet all there; the database knows which transactions are still at it (customers/migrations/0004_feed.sql)."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

# The classes that the triggers announce their inserts under.
TOUCHPOINTS, CHANGES = 20001, 20002
HORIZON = """
select feed_horizon(%s, 'touchpoints_touchpoint_id_seq'), feed_horizon(%s, 'customers_customerchange_id_seq')
"""
WAITING = (Path(__file__).parent / "sql" / "feed_waiting.sql").read_text()


@dataclass(frozen=True)
class Horizon:
    touchpoint_id: int
    change_id: int


@dataclass(frozen=True)
class WaitingFor:
    """An open transaction that the followers wait for."""

    holds_changes: bool
    after_id: int
    pid: int | None
    application_name: str | None
    began_at: datetime | None
    state: str | None


def horizon() -> Horizon:
    """Everything up to here is committed, or never to come. Read rows in a later statement than this one."""
    with connection.cursor() as cursor:
        cursor.execute(HORIZON, [TOUCHPOINTS, CHANGES])
        return Horizon(*cursor.fetchone())


def waiting_for() -> list[WaitingFor]:
    """The oldest first; at most ten."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"touchpoints": TOUCHPOINTS, "changes": CHANGES})
        return [WaitingFor(row[0] == CHANGES, *row[1:]) for row in cursor.fetchall()]


def is_feed_migrated() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select to_regproc('feed_horizon'), to_regclass('touchpoints_followerposition')")
        return None not in cursor.fetchone()
