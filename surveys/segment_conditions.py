"""What segments may ask about surveys: how somebody answered last, or whether. Anonymous answers know nobody."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.segments.condition import Condition
from customers.segments.fields import Bound, BoundField, DaysField, NumberField, RowField, in_last, joined, window
from customers.segments.sets import ids, without
from surveys.models import Answer, Invitation, Response, Survey
from surveys.models.survey import SCALES, QuestionKind

if TYPE_CHECKING:
    from accounts.models import Brand
    from customers.segments.sets import Ids

SURVEYS = _("Surveys")


class SurveyField(RowField):
    def __init__(self) -> None:
        named = Survey.objects.filter(is_anonymous=False)
        super().__init__(named, label=_("survey"), required=False, empty_label=_("any"))


class LastScore(Condition):
    key, section, label = "score", SURVEYS, _("Last score")
    kind = forms.ChoiceField(
        label=_("question"), choices=[(kind.value, kind.label) for kind in QuestionKind if kind in SCALES]
    )
    survey = SurveyField()
    bound = BoundField()
    number = NumberField(label=_("score"), max_value=10, initial=6)

    def clean(self) -> None:
        kind, number = self.cleaned_data.get("kind"), self.cleaned_data.get("number")
        if kind is None or number is None:
            return
        lowest, highest = SCALES[QuestionKind(kind)]
        if not lowest <= number <= highest:
            told = gettext("This question is answered from %(lowest)s to %(highest)s.")
            self.add_error("number", told % {"lowest": lowest, "highest": highest})

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        person = "response__customer__canonical_id"
        answers = Answer.objects.counted().filter(
            question__kind=self.cleaned_data["kind"],
            score__isnull=False,
            response__customer__isnull=False,
            response__finished_at__lt=now,
        )
        if survey := self.cleaned_data["survey"]:
            answers = answers.filter(response__version__survey=survey)
        if brand:
            answers = answers.filter(response__invitation__campaign__brand=brand)
        last = answers.order_by(person, "-response__finished_at", "-response_id", "-pk").distinct(person)
        compare = "score__gte" if self.cleaned_data["bound"] == Bound.AT_LEAST else "score__lte"
        fitting = Answer.objects.filter(pk__in=last.values("pk"), **{compare: self.cleaned_data["number"]})
        return ids(fitting, person)

    def phrase(self, *, is_negated: bool) -> str:
        survey = self.cleaned_data["survey"]
        parts = {
            "kind": self.cleaned_data["kind"].upper() if self.cleaned_data["kind"] != "stars" else gettext("stars"),
            "number": self.cleaned_data["number"],
            "survey": gettext("in “%(survey)s”") % {"survey": survey} if survey else "",
        }
        texts = {
            (Bound.AT_LEAST, False): gettext("last answered %(kind)s %(survey)s with at least %(number)s"),
            (Bound.AT_MOST, False): gettext("last answered %(kind)s %(survey)s with at most %(number)s"),
            (Bound.AT_LEAST, True): gettext("did not last answer %(kind)s %(survey)s with at least %(number)s"),
            (Bound.AT_MOST, True): gettext("did not last answer %(kind)s %(survey)s with at most %(number)s"),
        }
        return joined(texts[Bound(self.cleaned_data["bound"]), is_negated] % parts)


class Reaction(TextChoices):
    ANSWERED = "answered", _("answered")
    ASKED = "asked", _("was asked and did not answer")


class SurveyAnswered(Condition):
    key, section, label = "answered", SURVEYS, _("Answered or not")
    reaction = forms.ChoiceField(label=_("reaction"), choices=Reaction.choices)
    survey = SurveyField()
    days = DaysField(help_text=_("Empty: ever."))

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        answered = self._about(
            Response.objects.finished(), "version__survey", now=now, brand=brand, time="finished_at", by="invitation__"
        )
        if self.cleaned_data["reaction"] == Reaction.ANSWERED:
            return answered
        asked = self._about(
            Invitation.objects.filter(sent_at__isnull=False), "campaign__survey", now=now, brand=brand, time="sent_at"
        )
        return without(asked, answered)

    def _about(self, rows: Any, survey: str, *, now: datetime, brand: Brand | None, time: str, by: str = "") -> Ids:
        filters: dict[str, Any] = window(self.cleaned_data["days"], now=now, field=time)
        if self.cleaned_data["survey"]:
            filters[survey] = self.cleaned_data["survey"]
        if brand:
            filters[f"{by}campaign__brand"] = brand
        return ids(rows.filter(customer__isnull=False, **filters), "customer__canonical")

    def phrase(self, *, is_negated: bool) -> str:
        survey = self.cleaned_data["survey"]
        parts = {
            "survey": gettext("“%(survey)s”") % {"survey": survey} if survey else gettext("a survey"),
            "when": in_last(self.cleaned_data["days"]),
        }
        texts = {
            (Reaction.ANSWERED, False): gettext("answered %(survey)s %(when)s"),
            (Reaction.ANSWERED, True): gettext("did not answer %(survey)s %(when)s"),
            (Reaction.ASKED, False): gettext("were asked %(survey)s and did not answer %(when)s"),
            (Reaction.ASKED, True): gettext("were not asked %(survey)s or answered %(when)s"),
        }
        return joined(texts[Reaction(self.cleaned_data["reaction"]), is_negated] % parts)
