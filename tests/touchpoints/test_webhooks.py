"""Webhooks are told what they chose, once, in order, signed; and of nothing that is history."""

import threading
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from customers.actions import merge_customers
from tests.factories import make_brand, make_customer, make_source, make_touchpoint, make_type, make_user
from tests.touchpoints.receiving import RECEIVER, Receiver, pass_time, receiving
from touchpoints import feed
from touchpoints.actions import reset_follower, seed_vocabulary
from touchpoints.actions.calling import call_webhooks
from touchpoints.actions.cases import open_case
from touchpoints.actions.webhooks import activate_webhook, deactivate_webhook, resend_delivery, rotate_secret, send_test
from touchpoints.models import FollowerPosition, Touchpoint, Webhook, WebhookDelivery
from touchpoints.models.touchpoint import Actor
from touchpoints.webhooks.envelope import shown_secret

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _receiver_may_be_called(settings):
    settings.WEBHOOK_NETWORKS = [ip_network(f"{RECEIVER}/32")]


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def webhook(receiver) -> Webhook:
    return make_webhook(receiver)


def make_webhook(receiver: Receiver, *, types=("order_placed",), **fields) -> Webhook:
    webhook = Webhook.objects.create(name="Shipping", url=receiver.url, brand=make_brand(), **fields)
    webhook.types.set([make_type(key) for key in types])
    webhook = activate_webhook(webhook=webhook)
    Webhook.objects.filter(pk=webhook.pk).update(activated_at=timezone.now() - timedelta(hours=1))
    webhook.refresh_from_db()
    return webhook


def happen(customer=None, *, type="order_placed", **fields) -> Touchpoint:
    return make_touchpoint(customer, type=type, **{"occurred_at": timezone.now(), "actor": Actor.CUSTOMER} | fields)


def call(seconds: float = 0.01) -> int:
    return call_webhooks(seconds=seconds)


def tell() -> int:
    feed.run_follower("webhooks")
    return call()


def test_it_tells_what_was_chosen_as_the_api_shows_it(receiver, webhook, client):
    customer = make_customer(given_name="Anna")
    order = happen(customer, subject="order:1001", properties={"lines": [{"sku": "1"}]}, value="12.5", currency="EUR")
    happen(customer, type="product_viewed")
    assert tell() == 1
    [told] = receiver.told(shown_secret(webhook))
    client.force_login(make_user(is_superuser=True))
    shown = client.get(f"/api/v1/touchpoints/{order.pk}/").json()
    assert (told["type"], told["data"]) == ("order_placed", shown)
    assert tell() == 0


def test_a_forged_or_changed_call_is_recognised(receiver, webhook):
    happen()
    tell()
    [(headers, body)] = receiver.calls
    with pytest.raises(WebhookVerificationError):
        Verifier(shown_secret(webhook)).verify(body.replace(b"order", b"0rder"), headers)


def test_every_change_of_a_case_is_told(receiver):
    webhook = make_webhook(receiver, types=(), tells_case_changes=True)
    seed_vocabulary()
    open_case(customer=make_customer(), by=make_user(), title="Broken")
    happen(source=make_source(kind="browser"), type="case_opened", subject="case:V-1")
    assert tell() == 1
    assert receiver.told(shown_secret(webhook))[0]["data"]["subject"].startswith("case:")


def test_a_correction_and_a_retraction_are_told(receiver, webhook):
    order = happen(value=10, currency="EUR")
    happen(order.customer, source=order.source, replaces=order.message_id, value=12, currency="EUR")
    happen(order.customer, source=order.source, replaces=order.message_id, type=None)
    other = happen(type="product_viewed")
    happen(other.customer, source=other.source, replaces=other.message_id, type=None)
    while tell():
        pass
    told = receiver.told(shown_secret(webhook))
    assert [it["type"] for it in told] == ["order_placed", "order_placed", "touchpoint_retracted"]
    assert told[2]["data"]["replaces"] == order.message_id


@pytest.mark.parametrize(
    "history",
    [
        {"occurred_at": NOW - timedelta(days=8)},  # arrived late
        {"occurred_at": NOW - timedelta(hours=2)},  # before it was switched on
    ],
)
def test_history_is_quiet(webhook, history):
    happen(**history)
    assert tell() == 0
    assert not WebhookDelivery.objects.exists()


def test_another_brand_is_quiet(webhook):
    other = make_source(brand=make_brand(name="Other"))
    happen(source=other)
    assert tell() == 0


def test_a_replay_of_the_feed_is_quiet(receiver, webhook):
    happen()
    tell()
    WebhookDelivery.objects.all().delete()
    reset_follower(position=FollowerPosition.objects.get(name="webhooks"))
    assert tell() == 0


def test_while_it_is_off_nothing_is_told_also_not_later(receiver, webhook):
    deactivate_webhook(webhook=webhook)
    happen()
    assert tell() == 0
    activate_webhook(webhook=webhook)
    assert tell() == 0


def test_nothing_chosen_cannot_be_switched_on(receiver):
    with pytest.raises(ValidationError) as refused:
        make_webhook(receiver, types=())
    assert refused.value.code == "nothing_chosen"


def test_a_day_down_loses_nothing_and_keeps_the_order_of_each_customer(receiver, webhook):
    receiver.answer = lambda _told: 503
    anna, ben = make_customer(), make_customer()
    expected = {}
    for _hour in range(24):
        for customer in (anna, ben):
            expected.setdefault(customer.pk, []).append(happen(customer).pk)
        tell()
        pass_time(hours=1)
    assert not WebhookDelivery.objects.filter(state__in=["failed", "delivered"]).exists()
    receiver.answer = lambda _told: 200
    receiver.calls.clear()
    for _attempt in range(60):
        tell()
        pass_time(hours=1)
    told = receiver.told(shown_secret(webhook))
    for customer in (anna, ben):
        assert [it["data"]["id"] for it in told if it["data"]["customer"] == customer.pk] == expected[customer.pk]
    assert len(told) == 48


def test_it_gives_up_after_days_and_the_next_goes(receiver, webhook):
    first, second = (happen(customer) for customer in [make_customer()] * 2)
    receiver.answer = lambda told: 400 if told["data"]["id"] == first.pk else 200
    for _attempt in range(9):
        tell()
        assert WebhookDelivery.objects.get(touchpoint=second).state == "waiting"
        pass_time(hours=30)
    while tell():
        pass
    states = WebhookDelivery.objects.order_by("id").values_list("state", "status", "calls")
    assert list(states) == [("failed", 400, 10), ("delivered", 200, 1)]


def test_one_customer_does_not_wait_for_another(receiver, webhook):
    first, second = happen(make_customer()), happen(make_customer())
    receiver.answer = lambda told: 400 if told["data"]["id"] == first.pk else 200
    assert tell() == 2
    assert WebhookDelivery.objects.get(touchpoint=second).state == "delivered"


def test_who_was_merged_meanwhile_stays_in_order(receiver, webhook):
    anna, annie = make_customer(), make_customer()
    receiver.answer = lambda _told: 400
    first = happen(anna)
    tell()
    merge_customers(kept=anna, merged=annie, reason="manual", by=make_user())
    happen(annie)
    receiver.answer = lambda _told: 200
    assert tell() == 0, "the one before it waits for its next try"
    pass_time(hours=1)
    while tell():
        pass
    assert [it["data"]["id"] for it in receiver.told(shown_secret(webhook))][1:] == [
        first.pk,
        *Touchpoint.objects.filter(customer=annie).values_list("pk", flat=True),
    ]


def test_gone_switches_it_off_and_keeps_what_waits(receiver, webhook):
    receiver.answer = lambda _told: 410
    happen()
    assert tell() == 1
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_reason) == (False, "gone")
    receiver.answer = lambda _told: 200
    pass_time(hours=1)
    assert tell() == 0
    activate_webhook(webhook=webhook)
    assert tell() == 1
    assert WebhookDelivery.objects.get().state == "delivered"


def test_both_secrets_sign_while_one_is_replaced(receiver, webhook):
    before = shown_secret(webhook)
    webhook = rotate_secret(webhook=webhook)
    after = shown_secret(webhook)
    happen()
    tell()
    assert before != after
    assert receiver.told(before) == receiver.told(after)
    with pytest.raises(ValidationError) as refused:
        rotate_secret(webhook=webhook)
    assert refused.value.code == "rotating"
    Webhook.objects.update(both_until=timezone.now())
    receiver.calls.clear()
    happen()
    tell()
    with pytest.raises(WebhookVerificationError):
        receiver.told(before)
    assert receiver.told(after)


def test_a_repeat_has_the_same_id(receiver, webhook):
    happen()
    tell()
    resend_delivery(delivery=WebhookDelivery.objects.get())
    assert tell() == 1
    assert len({headers["webhook-id"] for headers, _body in receiver.calls}) == 1


def test_a_test_call_tells_of_nothing(receiver, webhook):
    send_test(webhook=webhook)
    assert call() == 1
    assert [(it["type"], it["data"]) for it in receiver.told(shown_secret(webhook))] == [("test", {})]


def test_a_caller_that_died_leaves_it_to_another(receiver, webhook):
    happen()
    feed.run_follower("webhooks")
    [claimed] = WebhookDelivery.objects.claim(webhook_id=webhook.pk, limit=5, lease=timedelta(seconds=60))
    assert call() == 0
    pass_time(hours=1)
    assert call() == 1
    claimed.note_failure("late", status=500)
    assert WebhookDelivery.objects.get().state == "delivered"


def test_a_slow_receiver_holds_nobody_up(receiver, webhook):
    all_told = threading.Event()

    def note(_told):
        if len(receiver.calls) == 20:
            all_told.set()
        return 200

    receiver.answer = note
    # Answers only when the other one knows everything.
    with receiving(Receiver(answer=lambda _told: 200 if all_told.wait(10) else 500)) as slow:
        make_webhook(slow)
        for _order in range(20):
            happen(make_customer())
        feed.run_follower("webhooks")
        call(seconds=10)
    assert set(WebhookDelivery.objects.values_list("state", "status")) == {("delivered", 200)}


def test_erasing_takes_what_waits_with_it(receiver, webhook):
    order = happen()
    feed.run_follower("webhooks")
    order.customer.touchpoints.all().delete()
    assert call() == 0
    assert not WebhookDelivery.objects.exists()
