"""What segments may ask about the stream: how often something happened, what it was worth, how an order stands."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Count, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.segments.condition import Condition
from customers.segments.fields import (
    Bound,
    BoundField,
    DaysField,
    NumberField,
    RowField,
    check_bound,
    counted,
    in_last,
    joined,
    window,
)
from customers.segments.sets import everybody, ids, without
from touchpoints.models import Channel, Subject, Touchpoint, TouchpointType
from touchpoints.models.subject import STATE_LABELS, SubjectKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import Brand
    from customers.segments.sets import Ids

PERSON = "customer__canonical_id"
STREAM = _("What happened")
three_letters = RegexValidator(r"^[A-Za-z]{3}\Z", _("A currency has three letters, for example EUR."))


class TypeField(RowField):
    def __init__(self, **options: Any) -> None:
        types = TouchpointType.objects.standing().order_by("label_de", "key")
        super().__init__(types, label=_("what"), **options)


class ChannelField(RowField):
    def __init__(self) -> None:
        super().__init__(Channel.objects.all(), label=_("channel"), required=False, empty_label=_("any"))


class TouchpointCount(Condition):
    key, section, label = "touchpoints", STREAM, _("Number of touchpoints")
    type = TypeField(required=False, empty_label=_("any"))
    channel = ChannelField()
    bound = BoundField()
    number = NumberField(help_text=_("At most 0 is never."))
    days = DaysField(help_text=_("Empty: ever."))

    def clean(self) -> None:
        check_bound(self)

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        happened = _happened(self.cleaned_data, now=now, brand=brand)
        return _as_often(happened, self.cleaned_data["bound"], self.cleaned_data["number"])

    def phrase(self, *, is_negated: bool) -> str:
        bound, number = counted(self.cleaned_data["bound"], self.cleaned_data["number"], is_negated=is_negated)
        type, channel = self.cleaned_data["type"], self.cleaned_data["channel"]
        parts = {
            "number": number_format(number, force_grouping=True),
            "what": gettext("“%(type)s”") % {"type": type} if type else gettext("any contact"),
            "by": gettext("by %(channel)s") % {"channel": channel} if channel else "",
            "when": in_last(self.cleaned_data["days"]),
        }
        if (bound, number) == (Bound.AT_MOST, 0):
            text = gettext("never had %(what)s %(by)s %(when)s")
        elif (bound, number) == (Bound.AT_LEAST, 1):
            text = gettext("had %(what)s %(by)s %(when)s")
        elif bound == Bound.AT_LEAST:
            text = gettext("had at least %(number)s × %(what)s %(by)s %(when)s")
        else:
            text = gettext("had at most %(number)s × %(what)s %(by)s %(when)s")
        return joined(text % parts)


class ValueSum(Condition):
    key, section, label = "value", STREAM, _("Sum of values")
    type = TypeField()
    channel = ChannelField()
    bound = BoundField()
    amount = forms.DecimalField(
        label=_("amount"),
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        help_text=_("Who has none has 0 in sum."),
    )
    currency = forms.CharField(
        label=_("currency"),
        max_length=3,
        initial="EUR",
        validators=[three_letters],
        help_text=_("Amounts in others are not counted."),
    )
    days = DaysField(help_text=_("Empty: ever."))

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        happened = _happened(self.cleaned_data, now=now, brand=brand).filter(currency=self.cleaned_data["currency"])
        sums = happened.values(PERSON).annotate(sum=Sum("value"))
        if self.cleaned_data["bound"] == Bound.AT_LEAST:
            return ids(sums.filter(sum__gte=self.cleaned_data["amount"]), PERSON)
        return without(everybody(), ids(sums.filter(sum__gt=self.cleaned_data["amount"]), PERSON))

    def phrase(self, *, is_negated: bool) -> str:
        type, channel = self.cleaned_data["type"], self.cleaned_data["channel"]
        amount = number_format(self.cleaned_data["amount"], decimal_pos=2, force_grouping=True)
        texts = {
            (Bound.AT_LEAST, False): gettext("reached at least %(amount)s in sum with “%(type)s” %(by)s %(when)s"),
            (Bound.AT_LEAST, True): gettext("reached less than %(amount)s in sum with “%(type)s” %(by)s %(when)s"),
            (Bound.AT_MOST, False): gettext("reached at most %(amount)s in sum with “%(type)s” %(by)s %(when)s"),
            (Bound.AT_MOST, True): gettext("reached more than %(amount)s in sum with “%(type)s” %(by)s %(when)s"),
        }
        return joined(
            texts[Bound(self.cleaned_data["bound"]), is_negated]
            % {
                "amount": f"{amount} {self.cleaned_data['currency']}",
                "type": type,
                "by": gettext("by %(channel)s") % {"channel": channel} if channel else "",
                "when": in_last(self.cleaned_data["days"]),
            }
        )


class SubjectCount(Condition):
    """Of one kind each, so that only its states are offered."""

    kind: SubjectKind
    bound = BoundField()
    number = NumberField(help_text=_("At most 0 is none."))
    days = DaysField(label=_("begun in the last … days"), help_text=_("Empty: ever."))

    def clean(self) -> None:
        check_bound(self)

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        begun = window(self.cleaned_data["days"], now=now, field="began_at")
        subjects = Subject.objects.order_by().filter(kind=self.kind, **begun)
        if state := self.cleaned_data["state"]:
            subjects = subjects.filter(state=state)
        if brand:
            subjects = subjects.filter(brand=brand)
        return _as_often(subjects, self.cleaned_data["bound"], self.cleaned_data["number"])

    def phrase(self, *, is_negated: bool) -> str:
        bound, number = counted(self.cleaned_data["bound"], self.cleaned_data["number"], is_negated=is_negated)
        state = self.cleaned_data["state"]
        many = gettext("at least") if bound == Bound.AT_LEAST else gettext("at most")
        parts = {
            "many": f"{many} {number_format(number, force_grouping=True)} ×" if number else "0 ×",
            "what": self.kind.label,
            "state": gettext("in state “%(state)s”") % {"state": STATE_LABELS[self.kind][state]} if state else "",
            "when": gettext("begun %(when)s") % {"when": in_last(days)} if (days := self.cleaned_data["days"]) else "",
        }
        return joined(gettext("have %(many)s %(what)s %(when)s %(state)s") % parts)


def _state_field(kind: SubjectKind) -> forms.ChoiceField:
    states = [("", _("any")), *STATE_LABELS[kind].items()]
    return forms.ChoiceField(label=_("state"), required=False, choices=states)


class Orders(SubjectCount):
    key, section, label, kind = "orders", STREAM, _("Orders and their state"), SubjectKind.ORDER
    state = _state_field(SubjectKind.ORDER)
    field_order = ("state",)


class Cases(SubjectCount):
    key, section, label, kind = "cases", STREAM, _("Cases and their state"), SubjectKind.CASE
    state = _state_field(SubjectKind.CASE)
    field_order = ("state",)


class Subscriptions(SubjectCount):
    key, section, label, kind = "subscriptions", STREAM, _("Subscriptions and their state"), SubjectKind.SUBSCRIPTION
    state = _state_field(SubjectKind.SUBSCRIPTION)
    field_order = ("state",)


def _happened(filled: dict[str, Any], *, now: datetime, brand: Brand | None) -> QuerySet[Touchpoint]:
    filters: dict[str, Any] = window(filled["days"], now=now)
    if filled["type"]:
        filters["type__in"] = TouchpointType.objects.like(filled["type"]).ids()
    if brand:
        filters["source__brand"] = brand
    found = Touchpoint.objects.current().order_by().filter(**filters)
    return found.by_channel(filled["channel"]) if filled["channel"] else found


def _as_often(rows: QuerySet[Any], bound: str, number: int) -> Ids:
    """Who has none of them is found as everybody without those who have some."""
    if bound == Bound.AT_LEAST:
        return _at_least(rows, number)
    return without(everybody(), _at_least(rows, number + 1))


def _at_least(rows: QuerySet[Any], number: int) -> Ids:
    if number == 1:
        return ids(rows, PERSON).distinct()
    return ids(rows.order_by().values(PERSON).annotate(times=Count("pk")).filter(times__gte=number), PERSON)
