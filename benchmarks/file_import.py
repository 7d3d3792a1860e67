"""The import of a file, everything included, beside one plain COPY of the same touchpoints into the same table."""

import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from benchmarks.figures import print_figure
from touchpoints.file_import import import_file, load_mapping
from touchpoints.models import Source

ROUNDS = 3
ROWS = 50_000
FOLDER = settings.VAR_DIR / "bench"
ORDERS = Path(__file__).parent.parent / "docs/examples/online_retail.toml"
RETAIL = settings.REFERENCE_DATA / "online_retail_2009_2010/online_retail_ii_2009_2010.csv.gz"
FORGET = (Path(__file__).parent / "file_import_forget.sql").read_text()
VIEWS = """
[constants]
type = "product_viewed"
[columns]
time = "at"
message_id = "id"
[customer]
user_id = "customer"
[properties]
product = "product"
"""
COLUMNS = (
    "source_id, message_id, customer_id, type_id, channel_id, occurred_at, received_at, subject, value, currency, "
    "valence, session_id, campaign, referrer, place, actor, acquisition_channel, replaces, properties, fingerprint"
)


def run() -> None:
    _compare("file_import.rows", *_views())
    if RETAIL.is_file():
        _compare("file_import.orders", RETAIL, ORDERS)


def _views() -> tuple[Path, Path]:
    path, mapping = FOLDER / "views.csv", FOLDER / "views.toml"
    mapping.write_text(VIEWS)
    lines = (
        f"{number},person-{number % 20_000},2025-{number % 12 + 1:02}-{number % 28 + 1:02}T10:00:00Z,p-{number % 500}\n"
        for number in range(ROWS)
    )
    path.write_text("id,customer,at,product\n" + "".join(lines))
    return path, mapping


def _compare(name: str, path: Path, mapping: Path) -> None:
    """Rounds take turns, so that both meet the same noise; each starts without the rows of the other."""
    key = name.replace(".", "_")
    imports, copies = [], []
    rows = touchpoints = 0
    for _round in range(ROUNDS):
        _forget(key)
        began = time.perf_counter()
        report = import_file(path, mapping=load_mapping(mapping), source_key=key, now=timezone.now(), on_problem=print)
        imports.append(time.perf_counter() - began)
        rows, touchpoints = report.rows, report.created
        data = _copied_out(key)
        _delete(key)
        copies.append(_seconds(lambda data=data: _copy_in(data)))
    _forget(key)
    took, copy = statistics.median(imports), statistics.median(copies)
    print_figure(name, rows / took, "rows/s", other=("copy", rows / copy), least_ratio=0.2)
    print_figure(f"{name}.touchpoints", touchpoints / took, "touchpoints/s", other=("copy", touchpoints / copy))


def _delete(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from touchpoints_touchpoint where source_id = any (%s)", [_ids(key)])


def _forget(key: str) -> None:
    _delete(key)
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        cursor.execute("vacuum analyze touchpoints_touchpoint, customers_customer, customers_identity")


def _ids(key: str) -> list[int]:
    return list(Source.objects.filter(key=key).values_list("id", flat=True))


def _copied_out(key: str) -> bytes:
    buffer = io.BytesIO()
    statement = f"copy (select {COLUMNS} from touchpoints_touchpoint where source_id = {_ids(key)[0]}) to stdout"  # noqa: S608
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for data in copy:
            buffer.write(data)
    return buffer.getvalue()


def _copy_in(data: bytes) -> None:
    with connection.cursor() as cursor, cursor.copy(f"copy touchpoints_touchpoint ({COLUMNS}) from stdin") as copy:
        copy.write(data)


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
