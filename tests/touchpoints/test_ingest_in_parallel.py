"""Real threads with connections of their own: no duplicate, no deadlock, no 5xx."""

import random
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from customers.models import Customer, Identity
from tests.touchpoints.ingesting import Sender, event
from touchpoints.models import Touchpoint, TouchpointType

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, work: Callable[[int], None]) -> None:
    barrier, errors = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            barrier.wait(20)
            work(number)
        except BaseException as error:  # noqa: BLE001 (shown by the test)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def test_the_same_batch_twice_at_once_is_stored_once():
    sender, statuses = Sender.new(), Counter[str]()
    events = [event(f"m{number}", customer={"user_id": f"u{number}"}) for number in range(50)]

    def send(_number: int) -> None:
        response = sender.send(*events)
        assert response.status_code == 200, response.content
        statuses.update(item["status"] for item in response.json()["items"])

    at_once(2, send)
    assert statuses == {"created": 50, "duplicate": 50}
    assert Touchpoint.objects.count() == 50
    assert Customer.objects.count() == 50


def test_eight_writers_with_the_same_new_people_make_each_once():
    senders = [Sender.new(kind="browser" if number == 7 else "server") for number in range(8)]

    def send(number: int) -> None:
        chance = random.Random(number)  # noqa: S311
        for batch in range(6):
            people = [chance.randrange(60) for _ in range(40)]
            response = senders[number].send(
                *(
                    event(
                        f"{batch}-{index}",
                        type=f"type {chance.randrange(30)}",
                        customer={"user_id": f"u{who}", "anonymous_id": f"d{who}"},
                    )
                    for index, who in enumerate(people)
                )
            )
            assert response.status_code == 200, response.content

    at_once(8, send)
    assert Touchpoint.objects.count() == 8 * 6 * 40
    owners = {
        f"{kind}-{value}": owner for kind, value, owner in Identity.objects.values_list("kind", "value", "customer")
    }
    users = [name for name in owners if name.startswith("user_id")]
    assert len(users) == 60
    assert all(owners[name] == owners[name.replace("user_id-u", "anonymous_id-d")] for name in users)
    assert Customer.objects.count() == 60
    assert TouchpointType.objects.count() == 30
    strays = Touchpoint.objects.exclude(customer__in=Identity.objects.values("customer"))
    assert not strays.exists()


def test_two_conflicting_batches_at_once_keep_one():
    sender, codes = Sender.new(), Counter[str]()

    def send(number: int) -> None:
        response = sender.send(event(place=f"place {number}"), event(f"own {number}"))
        codes.update(item["code"] or item["status"] for item in response.json()["items"])

    at_once(2, send)
    assert codes == {"created": 3, "conflict": 1}
