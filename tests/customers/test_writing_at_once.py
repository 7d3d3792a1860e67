"""Two write the same customer at the very same time, on two connections: one is stored, the other is told."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import Scope
from customers.actions import add_tag
from customers.models import BulkChange, Customer, Tag
from tests.customers.editing import Editor
from tests.factories import make_customer
from tests.reading import Reader

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 4


def at_once(*acts: Callable[[], int]) -> list[int]:
    start = Barrier(len(acts))

    def run(act: Callable[[], int]) -> int:
        try:
            start.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_many_with_one_etag_one_wins() -> None:
    anna, api = make_customer(city="Berlin"), Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
    path = f"customers/{anna.pk}/"
    etag = api.etag(path)

    def patch(city: str) -> Callable[[], int]:
        return lambda: api.send("patch", path, {"city": city}, if_match=etag).status_code

    statuses = at_once(*(patch(f"City {number}") for number in range(WRITERS)))
    assert Counter(statuses) == {200: 1, 412: WRITERS - 1}
    assert Customer.objects.get(pk=anna.pk).version == 2


def test_of_many_who_create_with_one_address_one_wins() -> None:
    api = Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
    body = {"family_name": "Strauß", "identities": [{"kind": "email", "value": "zoe@example.org"}]}
    statuses = at_once(*[lambda: api.send("post", "customers/", body).status_code] * WRITERS)

    assert Counter(statuses) == {201: 1, 409: WRITERS - 1}
    assert Customer.objects.count() == 1


def test_of_two_who_save_one_page_one_is_asked() -> None:
    anna = make_customer(city="Berlin")
    editors = Editor("Clara", anna), Editor("Tarik", anna)

    def save(editor: Editor, city: str) -> Callable[[], int]:
        return lambda: editor.save(city=city).status_code

    statuses = at_once(save(editors[0], "Hamburg"), save(editors[1], "Bremen"))
    assert sorted(statuses) == [200, 302]
    winner = "Hamburg" if statuses[0] == 302 else "Bremen"
    assert Customer.objects.get(pk=anna.pk).city == winner


def test_the_same_tag_on_the_same_many_at_once_counts_once() -> None:
    people, tag = [make_customer().pk for _ in range(40)], Tag.objects.create(key="regular", name="Regular")

    def act(order: list[int]) -> Callable[[], int]:
        def add() -> int:
            try:
                return add_tag(customers=order, tag=tag, by=None).count
            except ValidationError:  # all have it already
                return 0

        return add

    counts = at_once(act(people), act(people[::-1]), act(people[10:30]))
    assert sum(counts) == tag.customers.count() == 40
    assert BulkChange.objects.count() == sum(count > 0 for count in counts)
