"""What contacts tell of a person, in a few lines (customers.facts)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.facts import Fact
from touchpoints.models import Subject, Touchpoint

MOST_COUNTED = 1000
NEWEST = 3


def touchpoint_count(person: int) -> Sequence[str]:
    return [_counted(Touchpoint.objects.of_person(person).order_by()[: MOST_COUNTED + 1].count())]


def last_contacts(person: int) -> Sequence[str]:
    newest = Touchpoint.objects.current().of_person(person).select_related("type__canonical__channel", "channel")
    return [
        " · ".join(str(part) for part in (_day(it.occurred_at), it.meaning, it.way) if part)
        for it in newest.order_by("-occurred_at", "-id")[:NEWEST]
    ]


def orders(person: int) -> Sequence[str]:
    mine = Subject.objects.orders().filter(customer__canonical_id=person)
    newest = [
        f"{order.key} · {_day(order.began_at)} · {order.state_label}" for order in mine.order_by("-began_at")[:NEWEST]
    ]
    count = mine.order_by()[: MOST_COUNTED + 1].count()
    return [_counted(count), *newest] if count > NEWEST else newest


def _counted(count: int) -> str:
    if count > MOST_COUNTED:
        return _("more than %(count)s") % {"count": number_format(MOST_COUNTED, force_grouping=True)}
    return number_format(count)


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")


FACTS = {
    "touchpoints": Fact(gettext_lazy("Touchpoints"), touchpoint_count, permission="touchpoints.view_touchpoint"),
    "contacts": Fact(gettext_lazy("Last contacts"), last_contacts, permission="touchpoints.view_touchpoint"),
    "orders": Fact(gettext_lazy("Orders"), orders, permission="touchpoints.view_subject"),
}
