"""What was kept long enough goes by night, and nothing else; the dry run changes nothing."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from customers.actions import apply_retention, due_by_retention
from customers.models import Customer, CustomerExport, Erasure, Identity, RetentionRule
from tests.factories import make_brand, make_consent, make_customer, make_source, make_touchpoint
from touchpoints.models import IdempotencyRecord, Message, RejectedTouchpoint, Touchpoint

pytestmark = pytest.mark.django_db
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
        "customers.anonymous": 790,
        "customers.exports": 1095,
        "customers.known": None,
        "touchpoints.answers": 7,
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
    for moment in (OLD, NEW):
        RejectedTouchpoint.objects.create(source=source, code="x", raw=b"{}", received_at=moment)
        IdempotencyRecord.objects.create(
            source=source, key=str(moment), body_digest=b"1", status=200, answer={}, created_at=moment
        )
        CustomerExport.objects.create(created_at=moment - timedelta(days=200))
        Message.objects.create(
            kind="x", key=str(moment), brand=brand, state="failed", html="<p>", text="a", created_at=moment
        )
    queued = Message.objects.create(kind="x", key="q", brand=brand, html="<p>", created_at=OLD)
    expected = {"customers.exports": 1, "touchpoints.answers": 1, "touchpoints.letters": 1, "touchpoints.rejected": 1}

    assert due_by_retention(now=NOW) == expected | {"customers.anonymous": 0}
    assert apply_retention(now=NOW) == expected | {"customers.anonymous": 0}

    for model in (RejectedTouchpoint, IdempotencyRecord, CustomerExport):
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


def test_many_go_in_steps(monkeypatch):
    monkeypatch.setattr("customers.actions.retaining.BATCH", 2)
    for _number in range(5):
        visitor(seen_at=OLD)
    assert apply_retention(now=NOW)["customers.anonymous"] == 5
