"""Customers are created and changed over REST: nothing is bound that was not meant, nothing overwritten unseen."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Scope
from customers.actions import merge_customers
from customers.models import Customer, Identity, Tag
from tests.factories import make_customer, make_user
from tests.problems import assert_problem
from tests.reading import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Reader:
    return Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)


@pytest.fixture
def anna() -> Customer:
    return make_customer(email="anna@example.org", city="Berlin")


def test_it_creates_a_customer_with_identities_and_tags(api: Reader) -> None:
    Tag.objects.create(key="regular", name="Regular")
    body = {
        "family_name": "Strauß", "given_name": "Zoë", "tags": ["regular"],
        "identities": [{"kind": "email", "value": " Zoe@Example.ORG "}, {"kind": "phone", "value": "030 1234567"}],
    }  # fmt: skip
    answer = api.send("post", "customers/", body)

    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["family_name"], shown["tags"], shown["is_known"]) == ("Strauß", ["regular"], True)
    assert {it["value"] for it in shown["identities"]} == {"zoe@example.org", "+49301234567"}
    there = api.client.get(answer["Location"])
    assert there.json() == shown
    assert there["ETag"] == answer["ETag"]
    assert Identity.objects.filter(is_trusted=True, is_by_hand=True).count() == 2


@pytest.mark.parametrize("spelling", ["ANNA@example.org", "anna@example.org"])
def test_a_known_identity_is_answered_with_its_customer(api: Reader, anna: Customer, spelling: str) -> None:
    body = {"family_name": "Other", "identities": [{"kind": "email", "value": spelling}]}
    told = assert_problem(api.send("post", "customers/", body), 409, "identity_known")

    assert told["customer"] == anna.pk
    assert api.client.get(told["location"]).json()["id"] == anna.pk
    assert Customer.objects.count() == 1


def test_it_changes_only_what_is_sent(api: Reader, anna: Customer) -> None:
    owner = make_user()
    answer = api.send("patch", f"customers/{anna.pk}/", {"owner": owner.pk}, if_match=api.etag(f"customers/{anna.pk}/"))

    assert (answer.status_code, answer.json()["owner"], answer.json()["city"]) == (200, owner.pk, "Berlin")
    assert answer.json()["version"] == 2
    assert answer["ETag"] == api.etag(f"customers/{anna.pk}/")


def test_it_replaces_the_tags(api: Reader, anna: Customer) -> None:
    old, new = (Tag.objects.create(key=key, name=key) for key in ("old", "new"))
    anna.tags.add(old)
    path = f"customers/{anna.pk}/"
    assert api.send("patch", path, {"tags": [new.key]}, if_match=api.etag(path)).json()["tags"] == ["new"]

    wrong = api.send("patch", path, {"tags": ["nothing"]}, if_match="*")
    assert "tags" in assert_problem(wrong, 400, "invalid")["errors"]


def test_a_change_without_the_state_it_is_based_on_is_428(api: Reader, anna: Customer) -> None:
    assert_problem(api.send("patch", f"customers/{anna.pk}/", {"city": "Hamburg"}), 428, "if_match_missing")


def test_a_change_of_an_old_state_is_412_and_names_what_changed(api: Reader, anna: Customer) -> None:
    path = f"customers/{anna.pk}/"
    read = api.etag(path)
    Customer.objects.filter(pk=anna.pk).update(street="Neue Straße 1")
    Identity.objects.create(customer=anna, kind="phone", value="+491701234567")

    told = assert_problem(api.send("patch", path, {"city": "Hamburg"}, if_match=read), 412, "changed_since")
    assert set(told["changed"]) == {"street", "version", "identities"}
    assert told["changed"]["street"] == "Neue Straße 1"
    assert Customer.objects.get(pk=anna.pk).city == "Berlin"
    assert api.send("patch", path, {"city": "Hamburg"}, if_match=told["etag"]).status_code == 200


@pytest.mark.parametrize("header", ["nonsense", '"short"', 'W/"weak"', "", '"' + "a" * 10_000 + '"'])
def test_a_state_that_never_was_is_412_with_everything(api: Reader, anna: Customer, header: str) -> None:
    told = assert_problem(
        api.send("patch", f"customers/{anna.pk}/", {"city": "Hamburg"}, if_match=header), 412, "changed_since"
    )
    assert told["changed"]["city"] == "Berlin"


def test_what_is_read_already_is_304(api: Reader, anna: Customer) -> None:
    path = f"/api/v1/customers/{anna.pk}/"
    etag = api.client.get(path)["ETag"]
    again = api.client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)

    Identity.objects.create(customer=anna, kind="phone", value="+491701234567")
    assert api.client.get(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("famly_name", "Typo"), ("id", 7), ("version", 1), ("canonical", 1), ("is_known", False),
        ("created_at", "2026-01-01T00:00:00Z"), ("identities", [{"kind": "email", "value": "b@example.org"}]),
        ("consents", []), ("__class__", "x"),
    ],
)  # fmt: skip
def test_it_refuses_by_name_what_it_would_not_store(api: Reader, anna: Customer, field: str, value: Any) -> None:
    answer = api.send("patch", f"customers/{anna.pk}/", {"city": "Hamburg", field: value}, if_match="*")

    assert set(assert_problem(answer, 400, "invalid")["errors"]) == {field}
    assert Customer.objects.get(pk=anna.pk).city == "Berlin"


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "robot"}, {"salutation": "sir"}, {"family_name": "x" * 121}, {"family_name": None}, {"city": ["a"]},
        {"time_zone": "Mars/Base"}, {"owner": 10**16}, {"owner": True}, {"owner": "x"}, {"tags": "regular"},
        {"identities": [{"kind": "email", "value": "no address"}]}, {"identities": [{"kind": "email"}]},
        {"identities": [{"kind": "shoe_size", "value": "42"}]}, {"identities": {}}, {"identities": [7]},
        {"identities": [{"kind": "email", "value": "a@example.org", "is_trusted": True}]},
    ],
    ids=str,
)  # fmt: skip
def test_it_refuses_wrong_values(api: Reader, given: dict[str, Any]) -> None:
    answer = api.send("post", "customers/", given)

    assert set(assert_problem(answer, 400, "invalid")["errors"]) == set(given)
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{}", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b'"x"', 400), (b'{"city": NaN}', 400),
        (b'{"city": "a", "city": "b"}', 400), (b'{"city": "\xff"}', 400), (b"[" * 20_000, 400),
        (b'{"a":' * 9_000 + b"1" + b"}" * 9_000, 400), (b'{"city": "a\\u0000"}', 422), (b'{"ci\\u0000ty": "a"}', 422),
        (b'{"city": "\\ud800"}', 422), (b'{"owner": 123456789012345678}', 422), (b'{"owner": 1e400}', 422),
        (b'{"city": ' + b"[" * 25 + b"]" * 25 + b"}", 422), (b'{"city": "' + b"x" * 70_000 + b'"}', 413),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_bad_bodies_are_refused(api: Reader, body: bytes, status: int) -> None:
    answer = api.send("post", "customers/", body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert not Customer.objects.exists()


def test_other_charsets_and_types_are_415(api: Reader) -> None:
    for content_type in ("application/json; charset=latin-1", "text/plain", "application/x-www-form-urlencoded"):
        answer = api.client.post("/api/v1/customers/", b'{"city": "a"}', content_type=content_type)
        assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


def test_unseen_characters_are_stored_as_they_are(api: Reader) -> None:
    name = "=Ann\u202ea \u200b👩\u200d👩\u200d👧"
    shown = api.send("post", "customers/", b"\xef\xbb\xbf" + json.dumps({"given_name": name}).encode()).json()
    assert shown["given_name"] == name
    assert api.get(f"customers/{shown['id']}/").json()["given_name"] == name


def test_a_tag_is_put_on_and_taken_off_as_often_as_you_like(api: Reader, anna: Customer) -> None:
    Tag.objects.create(key="regular", name="Regular")
    path = f"customers/{anna.pk}/tags/regular/"
    assert [api.send("put", path).status_code for _ in range(2)] == [204, 204]
    assert api.get(f"customers/{anna.pk}/").json()["tags"] == ["regular"]
    assert [api.send("delete", path).status_code for _ in range(2)] == [204, 204]
    assert api.get(f"customers/{anna.pk}/").json()["tags"] == []

    assert_problem(api.send("put", f"customers/{anna.pk}/tags/nothing/"), 404, "not_found")
    assert_problem(api.send("put", "customers/999/tags/regular/"), 404, "not_found")


def test_it_filters_by_owner_tag_and_search(api: Reader, anna: Customer) -> None:
    owner, tag = make_user(), Tag.objects.create(key="regular", name="Regular")
    bert = make_customer(given_name="Bert", family_name="Strauß", owner=owner)
    bert.tags.add(tag)
    merged = make_customer(given_name="Berti", family_name="Strauß")
    merge_customers(kept=bert, merged=merged, reason="same card")

    assert api.ids("customers/", owner=owner.pk) == {bert.pk}
    assert api.ids("customers/", tag="regular") == {bert.pk}
    assert api.ids("customers/", q="strauss") == {bert.pk}
    assert api.ids("customers/", q="anna@ex") == {anna.pk}
    assert api.ids("customers/", email="ANNA@example.org") == {anna.pk}
    assert api.ids("customers/", q="strauss", owner=make_user().pk) == set()


def test_writing_needs_both_scopes(anna: Customer) -> None:
    for scopes in ([Scope.CUSTOMERS_READ], [Scope.CUSTOMERS_WRITE]):
        reader = Reader(*scopes)
        for method, path in (("post", "customers/"), ("patch", f"customers/{anna.pk}/")):
            assert_problem(reader.send(method, path, {"city": "x"}, if_match="*"), 403, "permission_denied")
    assert_problem(Reader(Scope.CUSTOMERS_WRITE).get("customers/"), 403, "permission_denied")


def test_staff_writes_with_the_permission_and_a_token_against_forgery(anna: Customer) -> None:
    user, client = make_user(), Client(enforce_csrf_checks=True)
    client.force_login(user)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["view_customer", "change_customer"]))
    client.cookies["csrftoken"] = token = "a" * 32
    headers = {"If-Match": "*", "Content-Type": "application/json"}

    def patch(**more: str) -> int:
        path = f"/api/v1/customers/{anna.pk}/"
        return client.patch(path, b'{"city": "Hamburg"}', "application/json", headers=headers | more).status_code

    assert patch() == 403
    assert patch(**{"X-CSRFToken": token}) == 200
    assert (
        client.post("/api/v1/customers/", b"{}", "application/json", headers={"X-CSRFToken": token}).status_code == 403
    )


def test_a_customer_is_neither_replaced_nor_deleted(api: Reader, anna: Customer) -> None:
    for method in ("put", "delete"):
        assert api.send(method, f"customers/{anna.pk}/", {}, if_match="*").status_code == 405
