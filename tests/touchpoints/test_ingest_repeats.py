import hashlib
import threading

import pytest
from django.db import connection, transaction

from tests.problems import assert_problem
from tests.touchpoints.ingesting import Sender, event
from touchpoints.models import IdempotencyRecord, RejectedTouchpoint, Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender() -> Sender:
    return Sender.new()


def test_the_same_again_is_a_duplicate(sender):
    assert sender.items(event("a"), event("b")) == [("created", "")] * 2
    assert sender.send(event("a"), event("b")).status_code == 200
    assert sender.items(event("b"), event("a"), event("c")) == [("duplicate", ""), ("duplicate", ""), ("created", "")]
    assert Touchpoint.objects.count() == 3


def test_twice_in_one_batch_is_a_duplicate(sender):
    assert sender.items(event(), event()) == [("created", ""), ("duplicate", "")]


def test_the_order_of_keys_and_the_delivery_make_no_difference(sender):
    sender.send(event() | {"sent_at": "2026-03-02T10:00:01Z"})
    later = dict(reversed(event().items())) | {"sent_at": "2026-03-02T10:05:00Z"}
    assert sender.items(later) == [("duplicate", "unknown_fields")]


def test_the_same_id_with_other_content_is_a_conflict(sender):
    sender.send(event(place="Berlin"))
    response = sender.send(event(place="Bonn"), event("other"))
    assert response.status_code == 207
    assert [item["code"] for item in response.json()["items"]] == ["conflict", ""]
    assert Touchpoint.objects.get(message_id="m1").place == "Berlin"
    assert RejectedTouchpoint.objects.get().code == "conflict"


def test_a_conflict_creates_nobody(sender):
    sender.send(event())
    assert sender.items(event(customer={"user_id": "somebody else"})) == [("rejected", "conflict")]
    assert sender.source.touchpoints.get().customer.identities.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from customers_customer")
        assert cursor.fetchone() == (1,)


def test_each_source_has_its_own_message_ids(sender):
    sender.send(event())
    assert Sender.new().items(event(place="Bonn")) == [("created", "")]


def test_an_idempotency_key_gets_the_first_answer_again(sender):
    headers = {"Idempotency-Key": "k1"}
    first = sender.send(event("a"), event("b", valence=9), **headers)
    again = sender.send(event("a"), event("b", valence=9), **headers)
    assert (first.status_code, first.content) == (207, again.content)
    assert again.status_code == 207
    assert RejectedTouchpoint.objects.count() == 1
    assert IdempotencyRecord.objects.get().status == 207


def test_an_idempotency_key_with_another_body_is_refused(sender):
    sender.send(event("a"), **{"Idempotency-Key": "k1"})
    assert_problem(sender.send(event("b"), **{"Idempotency-Key": "k1"}), 422, "key_reused")
    assert Touchpoint.objects.count() == 1
    assert Sender.new().send(event("b"), **{"Idempotency-Key": "k1"}).status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_an_idempotency_key_has_a_reasonable_length(sender, key):
    assert_problem(sender.send(event(), **{"Idempotency-Key": key}), 400, "invalid_key")


@pytest.mark.django_db(transaction=True)
def test_an_idempotency_key_in_progress_is_told_to_wait(sender):
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext(%s), %s)", ["k1", sender.source.pk])
            held.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    response = sender.send(event(), **{"Idempotency-Key": "k1"})
    done.set()
    holder.join()
    assert_problem(response, 409, "in_progress")
    assert response["Retry-After"] == "1"
    assert sender.send(event(), **{"Idempotency-Key": "k1"}).status_code == 200


def test_the_record_keeps_a_digest_and_not_the_body(sender):
    body = b'{"touchpoints": []}'
    sender.send_body(body, **{"Idempotency-Key": "k1"})
    assert bytes(IdempotencyRecord.objects.get().body_digest) == hashlib.sha256(body).digest()
