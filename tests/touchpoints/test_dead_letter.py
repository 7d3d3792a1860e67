"""What could not be stored is kept, found by source and reason, and stored once what it lacked is there."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from customers.actions import apply_retention
from tests.factories import make_channel, make_user
from tests.touchpoints.ingesting import Sender, event
from tests.touchpoints.sdk_sending import Sdk, track
from touchpoints.actions import replay_rejected
from touchpoints.models import RejectedTouchpoint, Touchpoint

pytestmark = pytest.mark.django_db
LIST = "/admin/touchpoints/rejectedtouchpoint/"


@pytest.fixture
def client() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(Role.CUSTOMER_SUCCESS))
    return client


@pytest.fixture
def rejected() -> RejectedTouchpoint:
    """For a channel that is not there yet."""
    Sender.new().send(event("m1", channel="carrier_pigeon"))
    return RejectedTouchpoint.objects.get()


def replay_one(client: Client, rejected: RejectedTouchpoint) -> HttpResponse:
    return client.post(f"{LIST}{rejected.pk}/replaying/", follow=True)


def replay(client: Client, **asked: Any) -> HttpResponse:
    chosen = list(RejectedTouchpoint.objects.values_list("pk", flat=True))
    return client.post(LIST, {"action": "replay", "_selected_action": chosen} | asked, follow=True)


def test_a_replay_works_once_the_vocabulary_is_mended(client, rejected):
    refused = replay_one(client, rejected)
    assert "Still refused: Known channels are" in refused.content.decode()
    make_channel("carrier_pigeon")
    stored = replay_one(client, rejected)
    assert "It is stored now." in stored.content.decode()
    touchpoint = Touchpoint.objects.get()
    assert (touchpoint.message_id, touchpoint.channel.key, touchpoint.source) == (
        "m1",
        "carrier_pigeon",
        rejected.source,
    )
    rejected.refresh_from_db()
    assert rejected.replayed_at


@pytest.mark.django_db(transaction=True)
def test_a_replay_is_begun_again_from_its_start_and_from_no_savepoint(rejected):
    """docs/adr/0007: who waits for a row held inside of a savepoint waits for the whole transaction."""
    make_channel("carrier_pigeon")
    with CaptureQueriesContext(connection) as asked:
        assert replay_rejected(rows=[rejected], now=timezone.now()) == 1
    assert not [it["sql"] for it in asked if it["sql"].startswith("SAVEPOINT")]


def test_a_replay_never_stores_twice(client, rejected):
    make_channel("carrier_pigeon")
    replay_one(client, rejected)
    assert replay_one(client, rejected).status_code == 403
    assert "0 events are stored now." in replay(client).content.decode()
    assert Touchpoint.objects.count() == 1


def test_a_replay_keeps_what_arrived(client, rejected):
    raw = bytes(rejected.raw)
    replay_one(client, rejected)
    rejected.refresh_from_db()
    assert (bytes(rejected.raw), rejected.replayed_at) == (raw, None)
    assert RejectedTouchpoint.objects.count() == 1


def test_many_are_replayed_and_each_by_itself(client):
    sender = Sender.new()
    sender.send(*(event(str(number), channel="carrier_pigeon") for number in range(20)), event("bad", valence=9))
    make_channel("carrier_pigeon")
    page = replay(client).content.decode()
    assert "20 events are stored now." in page
    assert "1 is still refused." in page
    assert Touchpoint.objects.count() == 20
    assert list(RejectedTouchpoint.objects.filter(replayed_at=None).values_list("code", flat=True)) == ["invalid"]


def test_what_an_sdk_sent_is_read_as_from_an_sdk(client):
    sdk = Sdk.new()
    body = json.dumps({"event": "Tea Drunk", "messageId": "m1", "userId": "u1", "context": {"device": {"id": 1}}})
    sdk.send_body(body.encode(), path="/v1/t")
    assert RejectedTouchpoint.objects.get().code == "unknown_channel"
    make_channel("app")
    replay(client)
    touchpoint = Touchpoint.objects.get()
    assert (touchpoint.type.key, touchpoint.channel.key) == ("Tea Drunk", "app")
    assert touchpoint.occurred_at < RejectedTouchpoint.objects.get().received_at + timedelta(milliseconds=1)


def test_the_clock_is_corrected_as_on_arrival(client):
    sdk = Sdk.new()
    sdk.send(track(context={"device": {"id": 1}}, timestamp="2026-03-02T10:00:00Z"), sentAt="2026-03-02T10:00:10Z")
    make_channel("app")
    replay(client)
    late = RejectedTouchpoint.objects.get().received_at - Touchpoint.objects.get().occurred_at
    assert timedelta(seconds=9) < late < timedelta(seconds=11)


def test_it_is_filtered_by_source_and_reason(client):
    shop, till = Sender.new(), Sender.new()
    shop.send(event("a", channel="carrier_pigeon"), event("b", valence=9))
    till.send(event("c", valence=9))

    def found(query: str) -> set[str]:
        return {row.message_id for row in client.get(LIST + query).context["cl"].result_list}

    assert found(f"?source__id__exact={shop.source.pk}") == {"a", "b"}
    assert found("?code=invalid") == {"b", "c"}
    assert found(f"?code=invalid&source__id__exact={shop.source.pk}") == {"b"}
    assert "a field holds what it may not" in client.get(LIST).content.decode()


def test_an_agent_may_not_look(rejected):
    client = Client()
    client.force_login(make_user(Role.SERVICE_AGENT))
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}{rejected.pk}/replaying/").status_code in {403, 404}


def test_who_may_only_look_may_not_replay(rejected):
    user = make_user()
    user.user_permissions.add(*_permissions("view_rejectedtouchpoint"))
    client = Client()
    client.force_login(user)
    assert client.post(f"{LIST}{rejected.pk}/replaying/").status_code == 403
    assert b"Replay the selected" not in client.get(LIST).content


def test_it_can_be_erased_before_its_time(client, rejected):
    client.post(f"{LIST}{rejected.pk}/delete/", {"post": "yes"})
    assert not RejectedTouchpoint.objects.exists()


def test_it_is_forgotten_after_thirty_days(rejected):
    now = timezone.now()
    assert apply_retention(now=now)["touchpoints.rejected"] == 0
    RejectedTouchpoint.objects.update(received_at=now - timedelta(days=30, seconds=1))
    assert apply_retention(now=now)["touchpoints.rejected"] == 1


def _permissions(codename: str) -> Any:
    return Permission.objects.filter(codename=codename)
