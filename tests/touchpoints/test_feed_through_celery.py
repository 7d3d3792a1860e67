"""A real worker and a real beat: the follower runs, and neither a dead nor an empty broker loses anything."""

import time

import pytest
from django.test import Client

from accounts.roles import Role
from customers.models import Identity
from tests.factories import make_user
from tests.fixtures.celery import CeleryProcesses
from tests.fixtures.valkey import OwnValkey
from tests.touchpoints.ingesting import Sender, event
from touchpoints.actions import seed_vocabulary
from touchpoints.models import FollowerPosition, Subject

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for_order(key: str, *, seconds: float) -> Subject:
    end = time.monotonic() + seconds
    while not (order := Subject.objects.orders().filter(key=key).first()):
        if time.monotonic() > end:
            pytest.fail(f"no follower derived order {key}")
        time.sleep(0.1)
    return order


@pytest.fixture
def shop(valkey: OwnValkey) -> Sender:
    seed_vocabulary()
    return Sender.new()


def place_order(shop: Sender, key: str) -> None:
    customer = {"user_id": f"u{key}", "email": f"anna{key}@example.org"}
    answer = shop.send(event(f"order-{key}", type="order_placed", subject=f"order:{key}", customer=customer))
    assert answer.status_code == 200


def test_it_catches_up_after_the_broker_was_killed_and_wiped_under_two_beats(
    valkey: OwnValkey, celery_worker_and_beat: CeleryProcesses, shop: Sender, client: Client
) -> None:
    celery_worker_and_beat.start_beat().wait_for("beat: Starting")
    place_order(shop, "1")
    order = wait_for_order("1", seconds=30)
    assert set(Identity.objects.filter(customer=order.customer).values_list("value", flat=True)) == {
        "u1",
        "anna1@example.org",
    }
    client.force_login(make_user(Role.ADMINISTRATOR))
    assert "order:1" in client.get("/admin/touchpoints/touchpoint/").content.decode()

    valkey.kill()
    time.sleep(3)  # what the worker had already taken ends
    place_order(shop, "2")  # accepted: a request never touches the broker
    time.sleep(3)
    assert not Subject.objects.filter(key="2").exists()
    valkey.start()
    wait_for_order("2", seconds=60)

    for key in ("3", "4", "5"):
        place_order(shop, key)
        valkey.wipe()
    wait_for_order("5", seconds=60)
    assert Subject.objects.count() == 5
    assert not FollowerPosition.objects.exclude(last_error="").exists()


@pytest.mark.prove
def test_it_goes_on_after_the_broker_fell_silent(
    valkey: OwnValkey, celery_worker_and_beat: CeleryProcesses, shop: Sender, capsys: pytest.CaptureFixture[str]
) -> None:
    """Longer than every timeout towards it; it takes connections all the while."""
    place_order(shop, "1")
    wait_for_order("1", seconds=60)
    with valkey.frozen():
        time.sleep(15)
        place_order(shop, "2")
    began = time.monotonic()
    wait_for_order("2", seconds=90)
    with capsys.disabled():
        print(f"\n  worker and beat went on {time.monotonic() - began:.1f} s after 15 s of a black-holed Valkey")  # noqa: T201
