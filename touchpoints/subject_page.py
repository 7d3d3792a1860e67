"""What pages tell of an order, a subscription or a case: one sentence, then its course, lines and shipments."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.money import money_text
from touchpoints import told
from touchpoints.models import Subject, Touchpoint
from touchpoints.models.subject import STATE_LABELS
from touchpoints.order_lines import DONE

MOST_TOUCHPOINTS = 200
DONE_LABELS = {
    "shipped": gettext_lazy("%(count)s shipped"),
    "delivered": gettext_lazy("%(count)s delivered"),
    "exchanged": gettext_lazy("%(count)s exchanged"),
    "returned": gettext_lazy("%(count)s sent back"),
    "cancelled": gettext_lazy("%(count)s cancelled"),
}


@dataclass(frozen=True)
class LineRow:
    name: str
    sku: str
    quantity: str
    price: str
    became: str
    is_replacement: bool


def page_of(subject: Subject, *, now: datetime) -> dict[str, Any]:
    """What templates/touchpoints/_subject.html shows."""
    touchpoints = Touchpoint.objects.current().filter(subject=str(subject), source__brand=subject.brand)
    newest = touchpoints.select_related("type", "channel", "source").order_by("-occurred_at", "-id")
    return {
        "subject": subject,
        "sentence": sentence(subject, now=now),
        "course": [(_state(subject, it.get("state", "")), _moment(it.get("at"))) for it in subject.history],
        "lines": [_line(line, subject.currency) for line in subject.lines],
        "amounts": _amounts(subject),
        "dates": _dates(subject),
        "shipments": [_shipment(row) for row in subject.shipments],
        "touchpoints": newest[:MOST_TOUCHPOINTS],
    }


def sentence(subject: Subject, *, now: datetime) -> str:
    stands = _("%(state)s on %(day)s") % {"state": subject.state_label, "day": day_text(subject.changed_at)}
    parts = [stands, delivery(subject, now=now)]
    if subject.value is not None and subject.net_value is not None and subject.net_value != subject.value:
        left, value = (money_text(it, subject.currency) for it in (subject.net_value, subject.value))
        parts.append(_("%(left)s of %(value)s are left") % {"left": left, "value": value})
    if subject.runs_until and subject.is_open:
        parts.append(_("runs until %(day)s") % {"day": day_text(subject.runs_until)})
    return capfirst("; ".join(part for part in parts if part)) + "."


def delivery(subject: Subject, *, now: datetime) -> str:
    """How the delivery stands to what was promised."""
    if subject.promised_on is None:
        return ""
    late = subject.days_late
    if late is None:
        is_over = subject.is_open and subject.promised_on < now.astimezone(subject.brand.zone).date()
        text = _("promised for %(day)s and not there yet") if is_over else _("promised for %(day)s")
        return text % {"day": day_text(subject.promised_on)}
    if late <= 0:
        return _("delivered in time")
    told_late = ngettext("delivered %(count)s day late", "delivered %(count)s days late", late)
    return told_late % {"count": number_format(late)}


def day_text(day: date | datetime) -> str:
    return date_format(timezone.localtime(day) if isinstance(day, datetime) else day, "SHORT_DATE_FORMAT")


def _state(subject: Subject, state: str) -> str:
    return str(STATE_LABELS.get(subject.kind, {}).get(state, state))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _line(line: Any, currency: str) -> LineRow:
    fields = line if isinstance(line, dict) else {"description": str(line)}
    sku = told.text(fields.get("sku"))
    name = told.text(fields.get("description")) or told.text(fields.get("name")) or sku
    quantity = told.number(fields.get("quantity"))
    done = [(what, told.number(fields.get(what))) for what in DONE]
    return LineRow(
        name=name,
        sku=sku if sku != name else "",
        quantity=_count(Decimal(1) if quantity is None else quantity),
        price=_price(fields.get("price"), currency),
        became=", ".join(str(DONE_LABELS[what]) % {"count": _count(count)} for what, count in done if count),
        is_replacement=fields.get("is_replacement") is True,
    )


def _count(quantity: Decimal) -> str:
    return number_format(quantity.normalize(), force_grouping=True) if quantity else "0"


def _price(price: Any, currency: str) -> str:
    amount = told.number(price)
    if amount is None:
        return told.text(price)
    return money_text(amount, currency) if currency else number_format(amount)


def _amounts(subject: Subject) -> list[tuple[str, str]]:
    named = [(_("Value"), subject.value), (_("Refunded"), subject.refunded), (_("Net value"), subject.net_value),
             (_("Value a month"), subject.monthly_value)]  # fmt: skip
    return [(label, money_text(value, subject.currency)) for label, value in named if value is not None]


def _dates(subject: Subject) -> list[tuple[str, date | datetime]]:
    named = [
        (_("Begun"), subject.began_at),
        (_("Paid"), subject.paid_at),
        (_("Promised for"), subject.promised_on),
        (_("Shipped completely"), subject.shipped_at),
        (_("Tracking viewed last"), subject.tracking_viewed_at),
        (_("Delivered completely"), subject.delivered_at),
        (_("Runs until"), subject.runs_until),
        (_("Ended"), subject.ended_at),
    ]
    return [(label, day) for label, day in named if day is not None]


def _shipment(row: dict[str, Any]) -> dict[str, Any]:
    promised_on = row.get("promised_on")
    lines = [f"{_count(told.number(it['quantity']) or Decimal(0))} × {it['name']}" for it in row.get("lines", [])]
    return row | {
        "shipped_at": _moment(row.get("shipped_at")),
        "delivered_at": _moment(row.get("delivered_at")),
        "promised_on": date.fromisoformat(promised_on) if promised_on else None,
        "contents": ", ".join(lines),
    }
