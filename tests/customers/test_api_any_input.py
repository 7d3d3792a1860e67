"""Whatever is sent to the endpoints on customers: never an error of ours, and every refusal in the one shape."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Scope
from customers.models import Tag
from tests.factories import make_customer
from tests.reading import Reader

pytestmark = pytest.mark.django_db
FIELDS = [
    "id", "kind", "value", "customer", "kept", "merged", "reason", "key", "name", "colour", "text", "family_name",
    "city", "owner", "tags", "identities", "language", "time_zone", "country", "salutation", "description",
    "version",
]  # fmt: skip
ODD = [
    None, True, False, 0, -1, 2**31, 10**16, 0.5, "", " ", "email", "x" * 400, "a@example.org", "\u202e",
    "\N{GRINNING FACE}",
    [], {}, [[]], ["regular"], [{"kind": "email", "value": "a@example.org"}], [{"kind": None}], {"a": {"b": []}},
    "'; drop",
]  # fmt: skip
values = st.one_of(
    st.sampled_from(ODD), st.text(max_size=30), st.integers(), st.floats(), st.lists(st.sampled_from(ODD))
)
bodies = st.one_of(st.dictionaries(st.sampled_from(FIELDS), values, max_size=6), values)
paths = st.sampled_from(["customers", "identities", "merges", "notes", "tags"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=paths, body=bodies, method=st.sampled_from(["post", "patch"]), data=st.data())
def test_it_answers_anything(path: str, body: Any, method: str, data: st.DataObject) -> None:
    anna = make_customer()
    Tag.objects.get_or_create(key="regular", defaults={"name": "Regular"})
    if isinstance(body, dict):
        known = data.draw(st.sets(st.sampled_from(["customer", "kept", "merged"]), max_size=2))
        body |= dict.fromkeys(known, anna.pk)
    key = "regular" if path == "tags" else anna.pk
    target = f"{path}/" if method == "post" else f"{path}/{key}/"
    api = Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
    answer = api.send(method, target, json.dumps(body).encode(), if_match="*")

    assert answer.status_code < 500, (method, path, body, answer.content)
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "header", ["", "*", '"', '""', "W/", "a, b, c", '"\\x00"', "ü", '"' + "é" * 100 + '"', "," * 500]
)
def test_it_reads_any_header(header: str) -> None:
    anna, api = make_customer(), Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
    assert api.send("patch", f"customers/{anna.pk}/", {"city": "x"}, if_match=header).status_code in {200, 412}
    headers = {"If-None-Match": header}
    assert api.client.get(f"/api/v1/customers/{anna.pk}/", headers=headers).status_code in {200, 304}
