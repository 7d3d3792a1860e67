"""Conditions on what the record of a person says. Of merged records the one that stands for all speaks."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import Value
from django.utils.formats import date_format
from django.utils.timezone import get_default_timezone, make_aware
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from customers.models import Customer, Tag
from customers.models.customer import CustomerKind
from customers.search import SpelledAlike
from customers.segments.condition import Condition
from customers.segments.fields import DaysField, RowField, WordsField, listed
from customers.segments.sets import ids, people

if TYPE_CHECKING:
    from accounts.models import Brand
    from customers.segments.sets import Ids

PERSON = _("Person")
two_letters = RegexValidator(r"^[A-Za-z]{2}\Z", _("A country has two letters, for example DE."))


class Country(Condition):
    key, section, label = "country", PERSON, _("Country")
    countries = WordsField(
        label=_("countries"), validators=[two_letters], help_text=_("Two letters each, for example DE, AT.")
    )

    def clean_countries(self) -> list[str]:
        return [country.upper() for country in self.cleaned_data["countries"]]

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        return ids(people().filter(country__in=self.cleaned_data["countries"]), "pk")

    def phrase(self, *, is_negated: bool) -> str:
        text = gettext("do not live in %(countries)s") if is_negated else gettext("live in %(countries)s")
        return text % {"countries": listed(self.cleaned_data["countries"])}


class City(Condition):
    key, section, label = "city", PERSON, _("City")
    cities = WordsField(
        label=_("cities"), help_text=_("With commas between them; capitals and accents make no difference.")
    )

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        wanted: Any = [SpelledAlike(Value(city)) for city in self.cleaned_data["cities"]]
        return ids(people().alias(spelled=SpelledAlike("city")).filter(spelled__in=wanted), "pk")

    def phrase(self, *, is_negated: bool) -> str:
        text = gettext("do not live in %(cities)s") if is_negated else gettext("live in %(cities)s")
        return text % {"cities": listed(self.cleaned_data["cities"])}


class Language(Condition):
    key, section, label = "language", PERSON, _("Language")
    language = forms.ChoiceField(
        label=_("language"), required=False, choices=[("", _("not known")), *settings.LANGUAGES]
    )

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        return ids(people().filter(language=self.cleaned_data["language"]), "pk")

    def phrase(self, *, is_negated: bool) -> str:
        language = self.cleaned_data["language"]
        if not language:
            return gettext("have a language on record") if is_negated else gettext("have no language on record")
        text = gettext("do not speak %(language)s") if is_negated else gettext("speak %(language)s")
        return text % {"language": dict(settings.LANGUAGES)[language]}


class Kind(Condition):
    key, section, label = "kind", PERSON, _("Person or company")
    kind = forms.ChoiceField(label=_("kind"), choices=CustomerKind.choices)

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        return ids(people().filter(kind=self.cleaned_data["kind"]), "pk")

    def phrase(self, *, is_negated: bool) -> str:
        is_company = (self.cleaned_data["kind"] == CustomerKind.COMPANY) != is_negated
        return gettext("are companies") if is_company else gettext("are persons, not companies")


class Known(Condition):
    key, section, label = "known", PERSON, _("Known or anonymous")
    known = forms.ChoiceField(
        label=_("known"),
        choices=[("yes", _("known by name, address or number")), ("no", _("only an anonymous browser or receipt"))],
    )

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        return ids(people().filter(is_known=self.cleaned_data["known"] == "yes"), "pk")

    def phrase(self, *, is_negated: bool) -> str:
        is_known = (self.cleaned_data["known"] == "yes") != is_negated
        return gettext("are known") if is_known else gettext("are anonymous")


class CreatedWithin(Condition):
    key, section, label = "created_within", PERSON, _("New in the last days")
    days = DaysField(required=True, initial=30)

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        return ids(people().filter(created_at__gte=now - timedelta(days=self.cleaned_data["days"])), "pk")

    def phrase(self, *, is_negated: bool) -> str:
        days = self.cleaned_data["days"]
        if is_negated:
            text = ngettext("were known before the last day", "were known before the last %(days)s days", days)
        else:
            text = ngettext("are new since the last day", "are new since the last %(days)s days", days)
        return text % {"days": days}


class CreatedSince(Condition):
    key, section, label = "created_since", PERSON, _("New since a day")
    day = forms.DateField(label=_("since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        # One zone for all who look: the day of the reader would give everybody another segment.
        begin = make_aware(datetime.combine(self.cleaned_data["day"], time.min), get_default_timezone())
        return ids(people().filter(created_at__gte=begin), "pk")

    def phrase(self, *, is_negated: bool) -> str:
        text = gettext("were known before %(day)s") if is_negated else gettext("are new since %(day)s")
        return text % {"day": date_format(self.cleaned_data["day"], "SHORT_DATE_FORMAT")}


class Owner(Condition):
    key, section, label = "owner", PERSON, _("Owner")
    owner = RowField(
        User.objects.order_by("first_name", "last_name", "username"),
        label=_("owner"),
        required=False,
        to_field_name="username",
        empty_label=_("nobody"),
    )

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        return ids(people().filter(owner=self.cleaned_data["owner"]), "pk")

    def phrase(self, *, is_negated: bool) -> str:
        owner = self.cleaned_data["owner"]
        if owner is None:
            return gettext("have an owner") if is_negated else gettext("have no owner")
        text = gettext("are not looked after by %(owner)s") if is_negated else gettext("are looked after by %(owner)s")
        return text % {"owner": owner}


class Tagged(Condition):
    key, section, label = "tag", PERSON, _("Tag")
    tag = RowField(Tag.objects.all(), label=_("tag"))

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        return ids(Customer.objects.filter(tags=self.cleaned_data["tag"]), "canonical")

    def phrase(self, *, is_negated: bool) -> str:
        text = gettext("do not carry the tag “%(tag)s”") if is_negated else gettext("carry the tag “%(tag)s”")
        return text % {"tag": self.cleaned_data["tag"]}
