"""Who is in a segment that counts touchpoints, among millions of them, beside one plain scan of their table."""

import os
import time
from pathlib import Path

from django.db import connection
from django.utils import timezone

from benchmarks.figures import print_figure, seconds
from customers.models import Segment
from customers.segments.membership import members
from touchpoints.models import Source, Touchpoint

ROWS = int(os.environ.get("SEGMENT_ROWS", "10_000_000"))
STEP = 20_000
EACH = 20
# Filling goes on in the next run, so that no run takes for ever.
PATIENCE_SECONDS = 300
MAKE_ROWS = (Path(__file__).parent / "segments_rows.sql").read_text()
OFTEN = {"condition": "touchpoints", "with": {"type": "order_placed", "bound": "at_least", "number": 2, "days": 90}}
NEVER = {"condition": "touchpoints", "with": {"type": "basket_added", "bound": "at_most", "number": 0, "days": 30}}
RICH = {"condition": "value", "with": {"type": "order_placed", "bound": "at_least", "amount": "100", "currency": "EUR"}}
GERMANS = {"condition": "country", "with": {"countries": ["DE"]}}
SEGMENTS = {
    "often": {"and": [OFTEN]},
    "never": {"and": [NEVER]},
    "nested": {"and": [GERMANS, {"or": [OFTEN, RICH]}, {"not": [NEVER]}]},
}


def run() -> None:
    _make_rows()
    print(f"segments.rows {_rows():,} touchpoints", flush=True)
    scan = seconds(_scan) * 1000
    for name, rules in SEGMENTS.items():
        segment = Segment(name=name, rules=rules)
        took = seconds(lambda segment=segment: members(segment, now=timezone.now()).count()) * 1000
        print_figure(f"segments.{name}", took, "ms", other=("scan", scan))


def _make_rows() -> None:
    source = Source.objects.get(key="kundenpfad").pk
    with connection.cursor() as cursor:
        # Rows that cannot be wrong: each points to what the same statement made or looked up.
        cursor.execute("set session_replication_role = replica")
        began, rows = time.monotonic(), _rows()
        while rows < ROWS and time.monotonic() - began < PATIENCE_SECONDS:
            cursor.execute(MAKE_ROWS, {"customers": STEP, "source": source})
            rows += STEP * EACH
        cursor.execute("set session_replication_role = default")
        cursor.execute("vacuum analyze customers_customer, touchpoints_touchpoint")


def _rows() -> int:
    return Touchpoint.objects.count()


def _scan() -> None:
    """Every row is read, its time looked at, none is sent."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from touchpoints_touchpoint where occurred_at < now()")
        cursor.fetchone()
