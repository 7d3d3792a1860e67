"""One row of every model an admin page shows, with text that tries to mislead the reader."""

import itertools
from datetime import timedelta
from typing import Any

from django.db.models import Model

from accounts.actions import issue_api_key
from accounts.models import Brand, Change, Scope, Team
from customers.actions import merge_customers, suppress_address
from customers.models import (
    BulkChange,
    Comparison,
    ConsentProof,
    ConsentRequest,
    ConsentText,
    Customer,
    CustomerAccess,
    CustomerChange,
    CustomerExport,
    CustomerImport,
    Erasure,
    Identity,
    Membership,
    MergeSuggestion,
    Note,
    RetentionRule,
    Segment,
    SegmentMember,
    Tag,
)
from customers.suppression import address_hmac
from journeys.models import ExpectedTouchpoint, Journey, JourneyVersion, Passage, Persona, Run, Stage
from surveys.models import Answer, Campaign, Invitation, Question, Response, Survey, SurveyVersion
from tests.factories import (
    NOW,
    make_brand,
    make_channel,
    make_consent,
    make_customer,
    make_source,
    make_touchpoint,
    make_type,
    make_user,
)
from touchpoints.actions.write_keys import issue_write_key
from touchpoints.models import (
    AcquisitionRule,
    BusinessHours,
    Case,
    CaseReason,
    FollowerPosition,
    IdempotencyRecord,
    MailHost,
    Message,
    Order,
    ParkedRow,
    RejectedTouchpoint,
    Subject,
    Subscription,
    TouchpointType,
    Webhook,
    WebhookDelivery,
)

# A bidi override, a zero-width space, an emoji of several people, markup, a formula.
NASTY = "=Ann\u202ea \u200b👩\u200d👩\u200d👧 <b>Müller</b> 'quote'"
SHOWN = "=Ann‹U+202E›a ‹U+200B›👩\u200d👩\u200d👧 &lt;b&gt;Müller&lt;/b&gt;"
_numbers = itertools.count(1)


def make_everything(text: str = NASTY) -> dict[type[Model], Model]:
    """Keyed by model; a second call makes a second row of each."""
    number = next(_numbers)
    rows = [*_accounts(number, text), *_customers(number, text)]
    rows += _touchpoints(number, text, rows)
    rows += _journeys(number, text, rows)
    rows += _surveys(number, text, rows)
    return {type(row): row for row in rows}


def _accounts(number: int, text: str) -> list[Model]:
    user = make_user(first_name=text[:140], last_name=str(number))
    team = Team.objects.create(name=f"{text} {number}", lead=user)
    team.members.add(user)
    brand = make_brand(name=f"{text} {number}", legal_name=text)
    api_key, _key = issue_api_key(name=text, scopes=[Scope.KPIS_READ], created_by=user)
    change = Change.objects.about(user).last()
    assert change
    return [user, team, brand, api_key, change]


def _customers(number: int, text: str) -> list[Model]:
    customer = make_customer(given_name=text, family_name=text, city=text)
    other = make_customer(company_name=text)
    identity = Identity.objects.create(customer=customer, kind="external_id", value=f"{text} {number}")
    wording = ConsentText.objects.create(key=f"notice-{number}", text_de=text)
    agreed_to = ConsentText.objects.create(key=f"agreed-{number}", text_de=text)
    consent = make_consent(customer, address=text, origin=text, proof={"order": text})
    request = ConsentRequest.objects.create(
        brand=make_brand(), customer=customer, address=text, purposes=["survey"], text=agreed_to, language="de",
        origin=text, proof={"form": text},
    )  # fmt: skip
    merge = merge_customers(kept=make_customer(), merged=other, reason=text)
    suppression = suppress_address(address=f"a{number}@example.org", reason=text)
    change = CustomerChange.objects.order_by("id").last()
    assert change
    tag = Tag.objects.create(key=f"tag-{number}", name=f"{text} {number}"[:60], description=text, colour="blue")
    customer.tags.add(tag)
    segment = Segment.objects.create(name=f"{text} {number}"[:120], description=text, kind="static")
    entry = SegmentMember.objects.create(segment=segment, customer=customer)
    note = Note.objects.create(customer=customer, text=text)
    many = BulkChange.objects.create(kind="remove_tag", tag=tag, rows=[[customer.pk, None]])
    file = CustomerImport.objects.create(name=text, stored_as=f"file-{number}", encoding="utf-8", delimiter=";")
    export = CustomerExport.objects.create(filters={"q": text}, rows=1)
    proof = ConsentProof.objects.create(
        address_hmac=address_hmac("proof@example.org"), brand=consent.brand, channel="email", purpose="survey",
        state="granted", basis="opt_in", origin=text, recorded_at=NOW,
    )  # fmt: skip
    access = CustomerAccess.objects.create(kind="page", customer=customer, user=make_user(first_name=text[:140]))
    return [
        customer, identity, wording, consent, request, merge, suppression, change, tag, note, many, file, export,
        proof, access, RetentionRule.objects.get_or_create(key="customers.exports")[0],
        segment, entry,
        Erasure.objects.create(records=[-number], hmacs=[b"1"], counts={text: 1}, erased_at=NOW),
        *_suggested(customer, text),
    ]  # fmt: skip


def _suggested(customer: Customer, text: str) -> list[Model]:
    twin = make_customer(given_name=text, street=text)
    suggestion = MergeSuggestion.objects.create(one=customer, other=twin, score=0.6, reasons=["name", "device"])
    Comparison.objects.all().delete()  # of the rows above
    comparison = Comparison.objects.create(customer=customer, other=twin, evidence="device")
    company = make_customer(kind="company", company_name=text)
    return [suggestion, comparison, Membership.objects.create(company=company, person=customer, role=text)]


def _touchpoints(number: int, text: str, rows: list[Model]) -> list[Model]:
    brand, customer, consent = _of(rows, "Brand"), _of(rows, "Customer"), _of(rows, "Consent")
    source = make_source(name=text)
    channel = make_channel(f"channel_{number}", label_de=text)
    kind = make_type(f"type_{number}", label_de=text, channel=channel, aliases=[text], phase="purchase")
    touchpoint = make_touchpoint(
        customer, type=kind.key, source=source, channel=channel, properties={text: [text]}, referrer=text,
        subject=f"order:{text}", value="12.5", currency="EUR", campaign={"source": text}, message_id=text,
    )  # fmt: skip
    common: dict[str, Any] = {"brand": brand, "customer": customer}
    return [
        source,
        channel,
        kind,
        touchpoint,
        issue_write_key(source=source, name=text)[0],
        *_subjects(text, common),
        CaseReason.objects.create(kind="root_cause", key=f"reason_{number}", label_de=text),
        BusinessHours.objects.create(name=text, brand=brand),
        Case.objects.create(**common, number=f"V-{number}{text}"[:40], title=text, description=text),
        Message.objects.create(
            **common, kind="test", key=f"test:{number}", title=text, text=text, html=text, consent=consent
        ),
        AcquisitionRule.objects.create(acquisition_channel=f"way_{number}", mediums=[text], hosts=[text]),
        RejectedTouchpoint.objects.create(
            source=source, code="invalid", detail=text, message_id=text, raw=b'{"a": "\x00\xff\xed\xa0\x80"}'
        ),
        IdempotencyRecord.objects.create(
            source=source, key=f"{text} {number}", body_digest=b"1", status=200, answer={"a": text}
        ),
        MailHost.objects.create(name=f"{text} {number}", error=text),
        FollowerPosition.objects.create(name=f"follower_{number}", last_error=text, failed_at=NOW),
        ParkedRow.objects.create(follower=f"follower_{number}", touchpoint=touchpoint, error=text),
        webhook := Webhook.objects.create(name=f"{text} {number}", url="https://example.com/", brand=brand, error=text),
        WebhookDelivery.objects.create(
            webhook=webhook, touchpoint=touchpoint, person=customer, type=text[:80], error=text
        ),
    ]  # fmt: skip


def _subjects(text: str, common: dict[str, Any]) -> list[Model]:
    told: dict[str, Any] = {"state": "placed", "began_at": NOW, "changed_at": NOW, "value": "12.50", "currency": "EUR"}
    lines: list[dict[str, Any]] = [
        {"sku": text, "name": text, "quantity": 3, "price": text, "shipped": 2},
        {"description": text, "quantity": 1, "price": 12.5, "is_replacement": True},
    ]
    shipment = {
        "shipment_id": text, "shipped_at": NOW.isoformat(), "delivered_at": None, "promised_on": "2026-03-01",
        "carrier": text, "tracking_number": text, "lines": [{"name": text, "quantity": 2}],
    }  # fmt: skip
    history = [{"state": "placed", "at": NOW.isoformat()}]
    return [
        Subject.objects.create(**common, **told, kind="order", key=f"{text} {text}", lines=["odd", {"name": text}]),
        Order.objects.create(
            **common, **told, kind="order", key=f"{text} order", lines=lines, shipments=[shipment], history=history,
            refunded="2.50", net_value="10", promised_on=NOW.date(), days_late=2, paid_at=NOW, shipped_at=NOW,
            delivered_at=NOW, tracking_viewed_at=NOW,
        ),
        Subscription.objects.create(
            **common, **told | {"state": "paused"}, kind="subscription", key=f"{text} subscription", lines=lines,
            history=[{"state": "started", "at": NOW.isoformat()}], monthly_value="12.50", runs_until=NOW.date(),
        ),
    ]  # fmt: skip


def _journeys(number: int, text: str, rows: list[Model]) -> list[Model]:
    kind = _of(rows, "TouchpointType")
    assert isinstance(kind, TouchpointType)
    persona = Persona.objects.create(key=f"persona-{number}", label_de=text, need=text)
    journey = Journey.objects.create(key=f"journey-{number}", label_de=text, description_de=text)
    journey.personas.add(persona)
    version = JourneyVersion.objects.create(journey=journey)
    version.end_types.add(kind)
    stage = Stage.objects.create(
        version=version, key="stage", label_de=text, phase="purchase", position=1, goal=text, pains=text
    )
    expected = ExpectedTouchpoint.objects.create(stage=stage, type=kind, conditions={"a": text})
    run = Run.objects.create(
        version=version, customer=_of(rows, "Customer"), subject=text, current_stage=stage, started_at=NOW, last_at=NOW
    )
    passage = Passage.objects.create(run=run, stage=stage, ordinal=1, entered_at=NOW)
    return [persona, journey, version, stage, expected, run, passage]


def _surveys(number: int, text: str, rows: list[Model]) -> list[Model]:
    brand = _of(rows, "Brand")
    assert isinstance(brand, Brand)
    survey = Survey.objects.create(key=f"survey-{number}", label_de=text, intro_de=text)
    version = SurveyVersion.objects.create(survey=survey)
    question = Question.objects.create(
        version=version, key="why", kind="single", position=1, text_de=text, options=[{"id": "a", "de": text}]
    )
    campaign = Campaign.objects.create(
        key=f"campaign-{number}", label_de=text, brand=brand, survey=survey, purpose="survey",
        trigger_type=_of(rows, "TouchpointType"),
    )  # fmt: skip
    customer, touchpoint = _of(rows, "Customer"), _of(rows, "Touchpoint")
    invitation = Invitation.objects.create(
        campaign=campaign, customer=customer, touchpoint=touchpoint, subject=text, due_at=NOW, nonce=1
    )
    response = Response.objects.create(
        version=version, invitation=invitation, customer=customer, language="de", started_at=NOW,
        finished_at=NOW + timedelta(minutes=1),
    )  # fmt: skip
    answer = Answer.objects.create(response=response, question=question, choices=["a"], text=text)
    return [survey, version, question, campaign, invitation, response, answer]


def _of(rows: list[Model], name: str) -> Any:
    return next(row for row in rows if type(row).__name__ == name)
