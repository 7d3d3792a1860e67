from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.actions import issue_api_key
from accounts.models import Scope
from tests.factories import make_touchpoint
from tests.mailing import queue_mail
from touchpoints import feed
from touchpoints.models import FollowerPosition, MailHost, Message, Touchpoint

pytestmark = pytest.mark.django_db
SUBJECTS = "subjects"


def health(client: Client) -> dict[str, Any]:
    answer = client.get("/health/")
    assert answer.status_code == 200
    return answer.json()  # type: ignore[no-any-return]


def follower(told: dict[str, Any]) -> dict[str, Any]:
    return next(it for it in told["feed"]["followers"] if it["name"] == SUBJECTS)


def test_it_is_well(client: Client) -> None:
    make_touchpoint()
    feed.catch_up()

    told = health(client)

    assert (told["status"], told["database"], told["broker"]) == ("ok", "ok", "ok")
    assert follower(told) == {
        "name": SUBJECTS,
        "touchpoints_behind": 0,
        "seconds_behind": 0.0,
        "is_paused": False,
        "has_failed": False,
        "parked_rows": 0,
    }


def test_it_tells_how_far_a_follower_is_behind(client: Client) -> None:
    feed.catch_up()
    make_touchpoint()
    Touchpoint.objects.update(received_at=timezone.now() - timedelta(minutes=5))

    told = health(client)

    assert told["status"] == "degraded"
    assert follower(told)["touchpoints_behind"] == 1
    assert 300 <= follower(told)["seconds_behind"] < 360


def test_it_does_not_mind_a_paused_follower(client: Client) -> None:
    feed.catch_up()
    make_touchpoint()
    Touchpoint.objects.update(received_at=timezone.now() - timedelta(minutes=5))
    FollowerPosition.objects.update(is_paused=True)

    assert health(client)["status"] == "ok"


def test_it_forgets_followers_that_are_no_more(client: Client) -> None:
    FollowerPosition.objects.create(name="retired", failed_at=timezone.now())
    feed.catch_up()

    told = health(client)

    assert told["status"] == "ok"
    assert "retired" not in str(told)


def test_it_tells_that_a_follower_failed_but_not_why(client: Client) -> None:
    feed.catch_up()
    FollowerPosition.objects.update(failed_at=timezone.now(), last_error="secret")

    answer = client.get("/health/")

    assert answer.json()["status"] == "degraded"
    assert "secret" not in answer.content.decode()


def test_it_tells_of_mails_that_nobody_sends(client: Client) -> None:
    queue_mail(due_at=timezone.now() + timedelta(minutes=5))
    feed.catch_up()
    assert health(client)["mail"] == {"waiting": 0, "seconds_behind": 0.0, "server": "ok"}

    Message.objects.update(due_at=timezone.now() - timedelta(minutes=5))
    told = health(client)

    assert (told["status"], told["mail"]["waiting"], told["mail"]["seconds_behind"] >= 300) == ("degraded", 1, True)


def test_it_tells_of_a_mail_server_that_fails(client: Client) -> None:
    MailHost.named("mail.example:25").note_failure("refused")
    told = health(client)

    assert (told["status"], told["mail"]["server"]) == ("degraded", "failing")


def test_it_takes_requests_without_a_broker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", "redis+socket:///nowhere/valkey.sock")

    told = health(client)

    assert (told["status"], told["broker"]) == ("degraded", "down")


@pytest.mark.django_db(transaction=True)
def test_it_takes_no_requests_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        answer = client.get("/health/")
    connection.close()

    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "down"}


def test_it_gives_prometheus_its_gauges(client: Client) -> None:
    feed.catch_up()
    make_touchpoint()
    _api_key, key = issue_api_key(name="Prometheus", scopes=[Scope.METRICS_READ])

    text = client.get("/metrics/", headers={"Authorization": f"Bearer {key}"}).content.decode()

    assert f'kundenpfad_follower_lag_touchpoints{{follower="{SUBJECTS}"}} 1.0' in text
    assert f'kundenpfad_follower_failed{{follower="{SUBJECTS}"}} 0.0' in text
    assert "kundenpfad_feed_waiting_transactions" in text
    assert "kundenpfad_mails_waiting 0.0" in text


def test_it_gives_gauges_to_nobody_else(client: Client) -> None:
    _api_key, key = issue_api_key(name="Shop", scopes=[Scope.TOUCHPOINTS_WRITE])

    assert client.get("/metrics/").status_code == 401
    assert client.get("/metrics/", headers={"Authorization": f"Bearer {key}"}).status_code == 403
