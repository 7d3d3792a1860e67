"""Looking at every row that was taken, wherever people and programs look."""

import csv
import io
from collections.abc import Iterator

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import Scope
from customers.models import Customer, Identity
from tests.factories import make_user
from tests.reading import Reader
from touchpoints.models import RejectedTouchpoint, Subject, Touchpoint, TouchpointType

ENDPOINTS = {
    Touchpoint: "touchpoints", Customer: "customers", Identity: "identities", Subject: "subjects",
    TouchpointType: "touchpoint-types",
}  # fmt: skip
# Pages of single rows take their time: of more rows than this, the newest.
MOST_PAGES = 200


def assert_all_can_be_looked_at() -> None:
    for model, path in ENDPOINTS.items():
        assert _rows_of_the_api(path) == model._default_manager.count()
    client = Client()
    client.force_login(make_user(is_superuser=True))
    for address in _pages():
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert "<script>alert" not in page
        assert "\u202e" not in page.partition("<form")[0]  # heading and breadcrumbs
    assert _rows_of_the_export(client) == Customer.objects.count()


def _rows_of_the_api(path: str) -> int:
    reader, found = Reader(*Scope.values), 0
    page = reader.get(f"{path}/", page_size=500).json()
    for first in page["results"][:1]:
        assert reader.get(f"{path}/{first['id']}/").json() == first
    while True:
        found += len(page["results"])
        if page["next"] is None:
            return found
        page = reader.client.get(page["next"]).json()


def _pages() -> Iterator[str]:
    for model in [*ENDPOINTS, RejectedTouchpoint]:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield from (reverse(f"{name}_change", args=[pk]) for pk in _newest(model))
    yield reverse("customers")
    yield from (reverse("customer", args=[pk]) for pk in _newest(Customer))


def _newest(model: type[Model]) -> list[int]:
    return list(model._default_manager.order_by("-pk").values_list("pk", flat=True)[:MOST_PAGES])


def _rows_of_the_export(client: Client) -> int:
    answer = client.post(reverse("admin:customers_customer_export"))
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    _head, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert not any(cell.startswith(("=", "+", "@", "\t")) for row in rows for cell in row)
    return len(rows)
