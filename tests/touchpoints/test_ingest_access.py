from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from accounts.actions import issue_api_key, revoke_api_key
from accounts.models import ApiKey, Scope
from tests.factories import make_source
from tests.problems import assert_problem
from tests.touchpoints.ingesting import URL, Sender, event
from touchpoints.api import writers
from touchpoints.models import Touchpoint, WriteKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender() -> Sender:
    return Sender.new()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer kp_12345678_nobody", "Bearer \x00", "Basic a3A6"])
def test_it_refuses_strangers(header):
    response = Client().post(URL, b"{}", content_type="application/json", headers={"Authorization": header})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"


def test_it_refuses_a_key_without_the_scope(sender):
    api_key, key = issue_api_key(name="KPIs", scopes=[Scope.KPIS_READ])
    WriteKey.objects.create(source=sender.source, api_key=api_key)
    assert_problem(Sender(sender.source, key).send(event()), 403, "permission_denied")


def test_it_refuses_a_key_without_a_source():
    _api_key, key = issue_api_key(name="Stray", scopes=[Scope.TOUCHPOINTS_WRITE])
    assert_problem(Sender(make_source(), key).send(event()), 403, "no_source")


def test_it_refuses_a_source_that_is_off():
    assert_problem(Sender.new(is_active=False).send(event()), 403, "source_off")


def test_it_refuses_an_expired_key(sender):
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert_problem(sender.send(event()), 401, "authentication_failed")


def test_a_revoked_key_works_a_few_seconds_longer(sender):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert sender.send(event("a")).status_code == 200
        revoke_api_key(api_key=ApiKey.objects.get())
        assert sender.send(event("b")).status_code == 200
        clock.shift(writers.REMEMBERED_SECONDS + 1)
        assert_problem(sender.send(event("c")), 401, "authentication_failed")


def test_it_notes_when_a_key_was_used(sender):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = timezone.now()
        sender.send(event("a"))
        assert ApiKey.objects.get().last_used_at == first
        clock.shift(30)
        sender.send(event("b"))
        assert ApiKey.objects.get().last_used_at == first
        clock.shift(31)
        sender.send(event("c"))
        assert ApiKey.objects.get().last_used_at == timezone.now()


def test_it_looks_the_key_up_once_in_a_few_seconds(sender, django_assert_num_queries):
    sender.send(event("a"))
    # Vocabulary, identities, insert; and the savepoint that stands for the transaction in a test.
    with django_assert_num_queries(5):
        sender.send(event("b"))


def test_it_takes_as_few_statements_for_many(sender, django_assert_num_queries):
    sender.send(event("a"))
    # New customers and identities besides.
    with django_assert_num_queries(6):
        sender.send(*(event(f"b{number}", customer={"user_id": str(number)}) for number in range(500)))


def test_a_source_has_a_rate():
    sender = Sender.new(events_per_second=10)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert sender.send(*(event(str(number)) for number in range(20))).status_code == 200
        response = sender.send(*(event(f"b{number}") for number in range(15)))
        assert_problem(response, 429, "too_fast")
        assert response["Retry-After"] == "2"
        clock.shift(1.5)
        assert sender.send(*(event(f"b{number}") for number in range(15))).status_code == 200
    assert Touchpoint.objects.count() == 35


def test_a_batch_larger_than_the_bucket_passes_when_it_is_full():
    sender = Sender.new(events_per_second=1)
    with time_machine.travel(timezone.now(), tick=False):
        assert sender.send(*(event(str(number)) for number in range(50))).status_code == 200
        assert sender.send(event("more")).status_code == 429


def test_pages_of_any_origin_may_send(sender):
    preflight = Client().options(URL, headers={"Origin": "https://shop.example"})
    assert (preflight.status_code, preflight["Access-Control-Allow-Origin"]) == (204, "*")
    assert "authorization" in preflight["Access-Control-Allow-Headers"]
    assert sender.send(event())["Access-Control-Allow-Origin"] == "*"
    assert Client().post(URL)["Access-Control-Allow-Origin"] == "*"


def test_it_does_not_look_at_cookies(admin_client):
    assert admin_client.post(URL, b"{}", content_type="application/json").status_code == 401


def test_it_offers_nothing_but_post(sender):
    response = Client().get(URL, headers={"Authorization": f"Bearer {sender.key}"})
    assert_problem(response, 405, "method_not_allowed")


def test_a_dead_database_is_503(sender):
    sender.send(event("a"))

    def fail(*_args: object) -> None:
        raise OperationalError("the connection is lost")

    with connection.execute_wrapper(fail):
        response = sender.send(event("b"))
    assert_problem(response, 503, "unavailable")
    assert int(response["Retry-After"]) > 0
