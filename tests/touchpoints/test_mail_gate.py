"""The law is asked when a message is claimed and once more just before DATA; kinds may fail, mails may not."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from customers.actions import object_to, record_consent, suppress_address, withdraw
from customers.models import Consent, ConsentText
from tests.fixtures.smtp import SmtpSink
from tests.mailing import SURVEY, queue_mail, send, state
from touchpoints.mail import MessageKind, SendDecision, register_kind
from touchpoints.models import Message, Touchpoint

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = {"config", "workspace", "insights", "journeys", "surveys", "touchpoints", "customers", "accounts"}
pytestmark = pytest.mark.django_db
ANNA = "anna@example.com"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda m: object_to(customer=m.customer, brand=m.brand, origin="phone"), "objected"),
        (lambda m: Consent.objects.all().delete(), "no_legal_basis"),
        (lambda m: suppress_address(address=ANNA, reason="complaint"), "suppressed"),
        (lambda m: m.customer.identities.all().delete(), "no_address"),
        (lambda m: type(m.brand).objects.update(imprint_url=""), "brand_incomplete"),
        (lambda m: Message.objects.update(customer=None), "erased"),
    ],
)
def test_it_looks_again_at_the_law_when_it_claims(
    smtp_sink: SmtpSink, change: Callable[[Message], object], reason: str
) -> None:
    message = queue_mail()
    change(message)
    send()

    assert state(message) == ("suppressed", reason)
    assert smtp_sink.messages == []
    assert not Touchpoint.objects.exists()


def test_it_looks_a_last_time_just_before_data(smtp_sink: SmtpSink) -> None:
    asked = 0

    def may_send(message: Message, now: Any) -> SendDecision:
        nonlocal asked
        asked += 1
        decision = SURVEY.may_send(message, now)
        if asked == 1:  # Withdrawn while the server was thinking about RCPT TO.
            assert message.customer
            object_to(customer=message.customer, brand=message.brand, origin="phone")
        return decision

    register_kind(MessageKind("hesitating", may_send, SURVEY.render))
    message = queue_mail(kind="hesitating")
    other = queue_mail("ben@example.com")
    send()

    assert state(message) == ("suppressed", "objected")
    assert state(other)[0] == "sent"
    assert smtp_sink.recipients() == ["ben@example.com"]
    assert smtp_sink.connections == 1


def test_it_never_sends_again_because_a_touchpoint_could_not_be_recorded(smtp_sink: SmtpSink) -> None:
    register_kind(MessageKind("untold", SURVEY.may_send, SURVEY.render, touchpoint_type="no_such_type"))
    message = queue_mail(kind="untold")
    send()

    assert state(message) == ("sent", "")


def test_it_lets_no_broken_kind_stand_in_the_way(smtp_sink: SmtpSink) -> None:
    def render(message: Message, address: str) -> Any:
        raise ZeroDivisionError

    register_kind(MessageKind("broken", SURVEY.may_send, render))
    broken = queue_mail("a@example.com", kind="broken")
    unknown = queue_mail("b@example.com", kind="from_another_version")
    good = queue_mail("c@example.com")
    for _ in range(3):
        send()

    assert state(broken) == ("queued", "error: ZeroDivisionError")
    assert state(unknown) == ("queued", "error: UnknownKindError")
    assert state(good)[0] == "sent"


def test_it_tells_the_kind_what_became_of_its_message(smtp_sink: SmtpSink) -> None:
    told: list[str] = []
    register_kind(
        MessageKind("telling", SURVEY.may_send, SURVEY.render, settled=lambda message: told.append(message.state))
    )
    queue_mail(kind="telling")
    queue_mail("ben@example.com", kind="telling")
    smtp_sink.refused_recipients["ben@example.com"] = "550 no"
    send()

    assert sorted(told) == ["failed", "sent"]


def test_nothing_but_the_gate_says_who_may_be_written_to() -> None:
    """Decisions are made where the law is written, and a sent mail without a basis cannot be stored."""
    makers = {
        (node.func.id, str(file.relative_to(ROOT)))
        for file in ROOT.glob("*/**/*.py")
        if file.relative_to(ROOT).parts[0] in APPS
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in {"ContactDecision", "SendDecision"}
    }
    assert makers == {("ContactDecision", "customers/consent.py")}


@pytest.mark.parametrize(
    "left",
    [
        {"state": "sent", "sent_at": Now()},
        {"state": "sending", "lease_until": Now(), "data_at": Now()},
        {"state": "unknown", "data_at": Now()},
        {"state": "failed", "data_at": Now()},
        {"state": "unknown", "data_at": Now(), "basis": "opt_in"},
    ],
)
def test_no_mail_can_be_stored_as_under_way_without_a_basis(smtp_sink: SmtpSink, left: dict[str, Any]) -> None:
    message = queue_mail()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**left)


def test_it_keeps_what_the_last_look_saw(smtp_sink: SmtpSink) -> None:
    text = ConsentText.objects.create(key="checkout", text_de="Ja, fragen Sie mich.", text_en="Yes, ask me.")
    message = queue_mail()
    assert message.customer
    earlier = Consent.objects.get()
    newer = record_consent(
        customer=message.customer, brand=message.brand, purpose="survey", address=ANNA, origin="checkout", text=text,
        language="de", proof={"order": "1001"},
    )  # fmt: skip
    send()
    withdraw(consent=newer, origin="phone")
    message.refresh_from_db()

    assert message.consent_id == newer.pk
    kept = message.grounds
    assert (kept["purpose"], kept["address"], kept["basis"], kept["suppressed"]) == ("survey", ANNA, "opt_in", [])
    assert [entry["id"] for entry in kept["ledger"]] == [newer.pk, earlier.pk], "not what was said later"
    assert kept["ledger"][0]["words"] == "Ja, fragen Sie mich."
    assert kept["ledger"][0]["proof"] == {"order": "1001"}


def test_no_mail_for_colleagues_reaches_a_customer(smtp_sink: SmtpSink) -> None:
    register_kind(MessageKind("slipping", lambda _message, _now: SendDecision.to_staff(ANNA), SURVEY.render))
    message = queue_mail(kind="slipping")
    send()

    assert state(message) == ("suppressed", "no_legal_basis")
    assert smtp_sink.messages == []
