"""Rows that only tests of surveys are about."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from customers import links
from customers.models import Customer
from surveys.models import Campaign, Invitation, Question, Survey, SurveyVersion
from tests.factories import NOW, make_brand, make_consent, make_customer, make_touchpoint, make_type
from touchpoints.models import Touchpoint

SATISFACTION = (
    ("satisfaction", "csat", {"text_de": "Wie zufrieden sind Sie?", "text_en": "How satisfied?", "is_required": True}),
    ("comment", "long_text", {"text_de": "Was können wir besser machen?", "text_en": "What can we do better?"}),
)

REVIEW = (
    ("stars", "stars", {"text_de": "Wie viele Sterne?", "text_en": "How many stars?", "is_required": True}),
    ("recommendation", "nps", {"text_de": "Empfehlen Sie uns?", "text_en": "Do you recommend us?"}),
    ("review", "long_text", {"text_de": "Was hat Ihnen gefallen?", "text_en": "What did you like?"}),
)

OPTIONS = [{"id": "price", "de": "Preis", "en": "Price"}, {"id": "quality", "de": "Qualität", "en": "Quality"}]
EVERY_KIND = (
    *SATISFACTION,
    ("effort", "ces", {"text_de": "War es leicht?", "text_en": "Was it easy?"}),
    ("stars", "stars", {"text_de": "Wie viele Sterne?", "text_en": "How many stars?"}),
    ("recommendation", "nps", {"text_de": "Empfehlen Sie uns?", "text_en": "Do you recommend us?"}),
    ("most", "single", {"text_de": "Was zählt am meisten?", "text_en": "What counts most?", "options": OPTIONS}),
    ("all", "multiple", {"text_de": "Was zählt?", "text_en": "What counts?", "options": OPTIONS}),
    ("word", "short_text", {"text_de": "Ein Wort?", "text_en": "One word?"}),
)


def make_survey(key: str = "satisfaction", questions: Any = SATISFACTION, **fields: Any) -> Survey:
    survey = Survey.objects.create(key=key, label_de="Umfrage", label_en="Survey", **fields)
    version = SurveyVersion.objects.create(survey=survey, state="published", published_at=NOW)
    for position, (name, kind, more) in enumerate(questions, start=1):
        Question.objects.create(version=version, key=name, kind=kind, position=position, **more)
    return survey


def make_campaign(*, is_active: bool = True, trigger: str = "case_resolved", **fields: Any) -> Campaign:
    defaults: dict[str, Any] = {
        "key": "satisfaction",
        "label_de": "Zufriedenheit",
        "purpose": "survey",
        "window_from_hour": 0,
        "window_to_hour": 24,
        "is_weekdays_only": False,
        "activated_at": NOW - timedelta(days=1) if is_active else None,
        "brand": make_brand(),
        "trigger_type": make_type(trigger),
    }
    fields = defaults | fields
    fields.setdefault("survey", Survey.objects.filter(key=fields["key"]).first() or make_survey(fields["key"]))
    return Campaign.objects.create(**fields)


def make_invitation(campaign: Campaign | None = None, **fields: Any) -> Invitation:
    """Sent at NOW unless told otherwise."""
    campaign = campaign or Campaign.objects.first() or make_campaign()
    customer = fields.pop("customer", None) or make_customer()
    touchpoint = make_touchpoint(customer, type=campaign.trigger_type.key)
    defaults: dict[str, Any] = {
        "campaign": campaign,
        "customer": customer,
        "touchpoint": touchpoint,
        "state": "sent",
        "due_at": NOW,
        "sent_at": NOW,
        "nonce": touchpoint.pk * 7919,
        "language": "de",
    }
    return Invitation.objects.create(**defaults | fields)


def make_asked_customer(email: str = "anna@example.org", **fields: Any) -> Customer:
    """Somebody who may be asked: with a trusted address and a consent to surveys and reviews."""
    customer = make_customer(email=email, **fields)
    for purpose in ("survey", "review"):
        make_consent(customer, address=email, purpose=purpose)
    return customer


def make_trigger(customer: Customer, **fields: Any) -> Touchpoint:
    """A resolved case, a moment ago."""
    defaults: dict[str, Any] = {"type": "case_resolved", "occurred_at": timezone.now() - timedelta(seconds=5)}
    return make_touchpoint(customer, **defaults | fields)


def make_planned(customer: Customer, *, campaign: Campaign | None = None, **fields: Any) -> Invitation:
    """Due a moment ago."""
    due = {"state": "planned", "sent_at": None, "due_at": timezone.now() - timedelta(seconds=1)}
    return make_invitation(campaign, customer=customer, **due | fields)


def make_open_invitation(**fields: Any) -> Invitation:
    """To a survey with a question of every kind; sent a moment ago, language unknown."""
    campaign = Campaign.objects.filter(key="every-kind").first() or make_campaign(
        key="every-kind",
        survey=make_survey("every-kind", EVERY_KIND),
        recommendation_url="https://shop.example/tell",
        public_review_url="https://reviews.example/shop",
    )
    return make_invitation(campaign, **{"sent_at": timezone.now(), "language": ""} | fields)


def token(invitation: Invitation) -> str:
    return links.token("answer", invitation.pk, nonce=invitation.nonce)


def link(invitation: Invitation, page: str = "") -> str:
    return f"/s/{token(invitation)}/{page}"
