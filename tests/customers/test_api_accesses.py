"""Who reads over the API what is kept of customers is written down, endpoint by endpoint."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Scope
from accounts.roles import Role
from customers.models import Customer, CustomerAccess, Identity, Merge, Note
from tests.customers.test_decide import make_suggestion
from tests.factories import make_customer, make_user
from tests.reading import Reader

pytestmark = pytest.mark.django_db


def identity(one: Customer, other: Customer) -> tuple[str, set[int]]:
    row = Identity.objects.create(customer=one, kind="email", value="one@example.org", is_by_hand=True)
    return f"identities/{row.pk}/", {one.pk}


def note(one: Customer, other: Customer) -> tuple[str, set[int]]:
    row = Note.objects.create(customer=one, text="Calls on Mondays")
    return f"notes/{row.pk}/", {one.pk}


def merge(one: Customer, other: Customer) -> tuple[str, set[int]]:
    row = Merge.objects.create(kept=one, merged=other, reason="same card")
    return f"merges/{row.pk}/", {one.pk, other.pk}


def suggestion(one: Customer, other: Customer) -> tuple[str, set[int]]:
    row = make_suggestion(one=one, other=other)
    return f"merge-suggestions/{row.pk}/", {one.pk, other.pk}


def customer(one: Customer, other: Customer) -> tuple[str, set[int]]:
    return f"customers/{one.pk}/", {one.pk}


ROWS = [identity, note, merge, suggestion, customer]


@pytest.fixture
def api() -> Reader:
    return Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)


@pytest.fixture(params=ROWS, ids=lambda make: make.__name__)
def row(request: pytest.FixtureRequest) -> tuple[str, set[int]]:
    make: Callable[[Customer, Customer], tuple[str, set[int]]] = request.param
    return make(make_customer(), make_customer())


def noted(kind: str) -> list[int | None]:
    return list(CustomerAccess.objects.filter(kind=kind).order_by("customer_id").values_list("customer_id", flat=True))


def test_one_row_is_noted_with_whose_it_is_once(api: Reader, row: tuple[str, set[int]]) -> None:
    path, people = row
    for _ in range(2):
        assert api.get(path).status_code == 200
    assert (noted("api"), noted("list")) == (sorted(people), [])


def test_a_list_is_noted_as_one(api: Reader, row: tuple[str, set[int]]) -> None:
    path = row[0].split("/")[0]
    for _ in range(2):
        assert api.rows(f"{path}/")
    assert (noted("api"), noted("list")) == ([], [None])


def test_a_list_of_one_customer_is_noted_with_who_it_is(api: Reader, row: tuple[str, set[int]]) -> None:
    path, (one, *_) = row[0].split("/")[0], sorted(row[1])
    assert api.rows(f"{path}/", **({"person": one} if path == "customers" else {"customer": one}))
    assert noted("list") == [one]


def test_who_is_refused_has_read_nothing(api: Reader, row: tuple[str, set[int]]) -> None:
    path = row[0].split("/")[0]
    assert api.get(f"{path}/999999/").status_code == 404
    assert api.get(f"{path}/", page_size="x", created_since="never").status_code == 400
    assert Client().get(f"/api/v1/{row[0]}").status_code in (401, 403)
    assert Reader(Scope.TOUCHPOINTS_READ).get(row[0]).status_code == 403
    assert not CustomerAccess.objects.exists()


def test_an_answer_to_a_change_is_noted_too(api: Reader) -> None:
    one = make_customer()
    assert api.send("patch", f"customers/{one.pk}/", {"city": "Köln"}).status_code == 428
    assert noted("api") == []
    assert api.send("patch", f"customers/{one.pk}/", {"city": "Köln"}, if_match='"old"').status_code == 412
    assert noted("api") == [one.pk]
    other = make_suggestion()
    api.send("put", f"merge-suggestions/{other.pk}/decision/", {"decision": "later"})
    assert noted("api") == [one.pk, other.one_id, other.other_id]


def test_who_creates_has_read_nothing(api: Reader) -> None:
    assert api.send("post", "customers/", {"family_name": "Strauß"}).status_code == 201
    assert not CustomerAccess.objects.exists()


def test_a_colleague_is_named(row: tuple[str, set[int]]) -> None:
    user, client = make_user(Role.ADMINISTRATOR), Client()
    client.force_login(user)
    assert client.get(f"/api/v1/{row[0]}").status_code == 200
    assert set(CustomerAccess.objects.values_list("user_id", flat=True)) == {user.pk}


def test_a_list_takes_the_same_queries_however_long(api: Reader, row: tuple[str, set[int]]) -> None:
    path = row[0].split("/")[0]

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.rows(f"{path}/")
        return len(queries)

    counted()
    once = counted()
    for number in range(3):
        one, other = make_customer(email=f"p{number}@example.org"), make_customer()
        Note.objects.create(customer=one, text="Calls")
        Merge.objects.create(kept=one, merged=other, reason="same card")
        make_suggestion(one=one, other=make_customer())
    assert counted() == once
