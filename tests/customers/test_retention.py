"""What was kept long enough goes by night, and nothing else; the dry run changes nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Change
from accounts.roles import Role
from accounts.tracking import letting_go
from customers.actions import apply_retention, due_by_retention
from customers.models import (
    Customer,
    CustomerAccess,
    CustomerChange,
    CustomerExport,
    Erasure,
    Identity,
    RetentionRule,
)
from tests.customers.marked import everything_stored
from tests.factories import make_brand, make_consent, make_customer, make_source, make_touchpoint, make_user
from touchpoints.models import IdempotencyRecord, Message, RejectedTouchpoint, Touchpoint, Webhook, WebhookDelivery

pytestmark = pytest.mark.django_db
APPS = ("accounts", "customers", "touchpoints", "journeys", "surveys", "insights", "workspace", "config")
NOW = timezone.now()
OLD, NEW = NOW - timedelta(days=1000), NOW - timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_log(tmp_path, settings):
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"


def visitor(*, seen_at, made_at=OLD, **fields) -> Customer:
    customer = make_customer(**{"given_name": "", "family_name": "", "is_known": False} | fields)
    Customer.objects.filter(pk=customer.pk).update(created_at=made_at)
    make_touchpoint(customer, occurred_at=seen_at)
    return customer


def test_every_class_begins_with_a_rule():
    assert dict(RetentionRule.objects.values_list("key", "days")) == {
        "accounts.changes": 1095,
        "customers.accesses": 365,
        "customers.anonymous": 790,
        "customers.exports": 1095,
        "customers.known": None,
        "customers.requests": 30,
        "touchpoints.answers": 7,
        "touchpoints.deliveries": 30,
        "touchpoints.letters": 400,
        "touchpoints.rejected": 30,
    }


def test_visitors_who_stayed_unknown_go_after_their_last_contact():
    gone, stays, known = visitor(seen_at=OLD), visitor(seen_at=NEW), visitor(seen_at=OLD, is_known=True)
    young = visitor(seen_at=OLD, made_at=NEW)

    assert due_by_retention(now=NOW)["customers.anonymous"] == 1
    assert apply_retention(now=NOW)["customers.anonymous"] == 1

    assert set(Customer.objects.values_list("pk", flat=True)) == {stays.pk, known.pk, young.pk}
    assert not Touchpoint.objects.filter(customer=gone.pk).exists()
    assert apply_retention(now=NOW)["customers.anonymous"] == 0


def test_of_a_visitor_the_history_keeps_no_value_and_followers_hear():
    gone = visitor(seen_at=OLD)
    Identity.objects.create(customer=gone, kind="email", value="besuch@example.org", is_trusted=False)
    RetentionRule.objects.exclude(key="customers.anonymous").update(days=None)

    apply_retention(now=NOW)

    assert Change.objects.filter(model="customers.identity", kind="DELETE").exists()
    assert "besuch@example.org" not in everything_stored()
    assert CustomerChange.objects.filter(kind="erased", customer_pk=gone.pk).exists()


def aged_traces() -> None:
    for days in (100, 400, 1200):
        moment = NOW - timedelta(days=days)
        CustomerAccess.objects.create(kind="page", accessed_at=moment)
        Change.objects.create(
            kind="UPDATE", model="accounts.team", row_pk=1, about=["accounts.team:1"], changes={}, changed_at=moment
        )


def test_history_and_accesses_go_when_their_time_is_over(monkeypatch):
    monkeypatch.setattr("customers.actions.retaining.BATCH", 1)
    aged_traces()
    recent = Change.objects.exclude(model="accounts.team").count()
    expected = {"accounts.changes": 1, "customers.accesses": 2}

    assert expected.items() <= due_by_retention(now=NOW).items()
    assert expected.items() <= apply_retention(now=NOW).items()

    assert Change.objects.filter(model="accounts.team").count() == 2
    assert Change.objects.exclude(model="accounts.team").count() == recent
    assert CustomerAccess.objects.count() == 1


@pytest.mark.parametrize("model", [Change, CustomerAccess])
def test_nothing_else_lets_traces_go(model):
    """Not an old row without retention, and not a young one with it."""
    aged_traces()
    old = model.objects.order_by("pk").last()
    young = model.objects.create(kind="page") if model is CustomerAccess else Change.objects.latest("changed_at")
    with letting_go():
        pass
    for row in (old, young):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            row.delete()
    with pytest.raises(IntegrityError, match="append-only"), letting_go():
        young.delete()
    with pytest.raises(IntegrityError, match="append-only"), letting_go():
        model.objects.filter(pk=old.pk).update(kind="page")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        old.delete()
    with letting_go():
        old.delete()


def test_only_retention_lets_go():
    root = Path(__file__).parents[2]
    files = [it for app in APPS for it in (root / app).rglob("*.py") if "migrations" not in it.parts]
    assert {it.name for it in files if "letting_go()" in it.read_text()} == {"retaining.py", "tracking.py"}
    assert {it.name for it in files if "kundenpfad.letting_go" in it.read_text()} == {"tracking.py"}


@pytest.mark.parametrize("key", ["accounts.changes", "customers.accesses"])
def test_nobody_makes_traces_vanish_by_a_short_rule(key):
    rule = RetentionRule.objects.get(key=key)
    client = Client()
    client.force_login(make_user(Role.ADMINISTRATOR))
    page = reverse("admin:customers_retentionrule_change", args=[rule.pk])
    answer = client.post(page, {"days": 89})
    assert "At least 90 days" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.filter(pk=rule.pk).update(days=89)
    assert client.post(page, {"days": 90}).status_code == 302


def test_known_people_stay_until_somebody_decides():
    known = visitor(seen_at=OLD, is_known=True)
    Identity.objects.create(customer=known, kind="email", value="anna@example.org")
    asked = visitor(seen_at=OLD, is_known=True)
    make_consent(asked, address="bert@example.org")
    assert "customers.known" not in apply_retention(now=NOW)

    RetentionRule.objects.filter(key="customers.known").update(days=365)
    assert apply_retention(now=NOW)["customers.known"] == 1

    assert list(Customer.objects.all()) == [asked]
    assert Erasure.objects.get().reason == "retention"


def test_dead_letters_answers_and_notes_go_and_mails_lose_their_words():
    source, brand = make_source(), make_brand()
    webhook = Webhook.objects.create(name="Shipping", url="https://example.com/", brand=brand)
    for moment in (OLD, NEW):
        RejectedTouchpoint.objects.create(source=source, code="x", raw=b"{}", received_at=moment)
        IdempotencyRecord.objects.create(
            source=source, key=str(moment), body_digest=b"1", status=200, answer={}, created_at=moment
        )
        CustomerExport.objects.create(created_at=moment - timedelta(days=200))
        Message.objects.create(
            kind="x", key=str(moment), brand=brand, state="failed", html="<p>", text="a", created_at=moment
        )
        WebhookDelivery.objects.create(webhook=webhook, type="x", created_at=moment)
    queued = Message.objects.create(kind="x", key="q", brand=brand, html="<p>", created_at=OLD)
    expected = {"customers.exports": 1, "touchpoints.answers": 1, "touchpoints.letters": 1, "touchpoints.rejected": 1}
    expected |= dict.fromkeys(
        ("accounts.changes", "customers.accesses", "customers.anonymous", "customers.requests"), 0
    )
    expected["touchpoints.deliveries"] = 1

    assert due_by_retention(now=NOW) == expected
    assert apply_retention(now=NOW) == expected

    for model in (RejectedTouchpoint, IdempotencyRecord, CustomerExport, WebhookDelivery):
        assert model.objects.count() == 1
    assert Message.objects.filter(html="").count() == 1
    queued.refresh_from_db()
    assert queued.html


def test_a_dry_run_says_how_much_and_changes_nothing(capsys):
    visitor(seen_at=OLD)
    call_command("apply_retention", "--dry-run")
    assert "customers.anonymous: 1" in capsys.readouterr().out
    assert Customer.objects.count() == 1
    call_command("apply_retention")
    assert Customer.objects.count() == 0


def test_the_list_tells_how_much_goes_tonight(client):
    visitor(seen_at=OLD)
    client.force_login(make_user(Role.ADMINISTRATOR))
    page = client.get(reverse("admin:customers_retentionrule_changelist"))
    told = {rule.key: rule.due_count for rule in page.context["cl"].result_list}
    assert (told["customers.anonymous"], told["touchpoints.rejected"], told["customers.known"]) == (1, 0, None)


def test_many_go_in_steps(monkeypatch):
    monkeypatch.setattr("customers.actions.retaining.BATCH", 2)
    for _number in range(5):
        visitor(seen_at=OLD)
    assert apply_retention(now=NOW)["customers.anonymous"] == 5
