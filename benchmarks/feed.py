"""How fast followers read the feed, beside one plain COPY of the same columns."""

from pathlib import Path

from django.db import connection

from benchmarks.figures import print_figure, seconds
from touchpoints import feed
from touchpoints.followers import SUBJECTS
from touchpoints.models import FollowerPosition, Source, Touchpoint

ROWS = 300_000
COLUMNS = ("id", "customer_id", "type_id", "occurred_at", "subject", "value")
MAKE_ROWS = (Path(__file__).parent / "feed_rows.sql").read_text()


def run() -> None:
    _make_rows()
    feed.register(feed.Follower("reading", _read_only))
    feed.register(feed.Follower("reading_in_python", _read_in_python))
    rows = Touchpoint.objects.count()
    copy = rows / seconds(_copy_out)
    for name, goal in (("reading", 100_000), ("reading_in_python", None), (SUBJECTS.name, None)):
        speed = rows / seconds(lambda name=name: _replay(name))
        print_figure(f"feed.{name}", speed, "touchpoints/s", other=("copy", copy), goal=goal)


def _make_rows() -> None:
    missing = ROWS - Touchpoint.objects.count()
    if missing > 0:
        with connection.cursor() as cursor:
            cursor.execute(MAKE_ROWS, {"rows": missing, "source": Source.objects.get(key="kundenpfad").pk})
            cursor.execute("vacuum analyze")


def _read_only(batch: feed.Batch) -> None:
    """The rows of a batch arrive here as the database sends them."""
    sql, parameters = batch.touchpoints().values(*COLUMNS).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _read_in_python(batch: feed.Batch) -> None:
    for _row in batch.touchpoints().values_list(*COLUMNS).iterator(chunk_size=10_000):
        pass


def _replay(name: str) -> None:
    FollowerPosition.objects.filter(name=name).update(touchpoint_id=0)
    while feed.run_follower(name):
        pass


def _copy_out() -> None:
    with connection.cursor() as cursor:
        connection.ensure_connection()
        with cursor.copy(f"copy (select {', '.join(COLUMNS)} from touchpoints_touchpoint) to stdout") as copy:  # noqa: S608
            for _data in copy:
                pass
