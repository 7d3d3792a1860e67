"""Figures as people read them, by the language of the page."""

from babel.numbers import format_currency, format_decimal, format_percent
from django.utils.translation import gettext as _

from accounts.money import MINUS, babel_locale
from insights.kpis import Kpi, Unit


def figure_text(kpi: Kpi, value: float, *, currency: str = "") -> str:
    """The figure in as many places as it bears."""
    match kpi.unit:
        case Unit.MONEY:
            # Cents say nothing beside thousands.
            pattern = None if abs(value) < 1000 else _whole_money()
            text = format_currency(
                value, currency, format=pattern, locale=babel_locale(), currency_digits=pattern is None
            )
        case Unit.PERCENT:
            text = _percent(value)
        case Unit.COUNT | Unit.SCORE:
            text = format_decimal(round(value), locale=babel_locale())
        case _:
            text = format_decimal(round(value, 1), locale=babel_locale())
    return text.replace("-", MINUS)


def number_text(value: float) -> str:
    return format_decimal(round(value, 1), locale=babel_locale()).replace("-", MINUS)


def change_text(kpi: Kpi, now: float, before: float) -> str:
    """With its sign: of totals in percent of what was, of rates and scores in points."""
    if kpi.unit in (Unit.PERCENT, Unit.SCORE):
        return _("%(change)s points") % {"change": _signed(round(now - before, 1))}
    if not before:
        return _signed(round(now - before, 1))
    share = 100 * (now - before) / before
    return ("+" if share > 0 else "") + _percent(share).replace("-", MINUS)


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number_text(value)


def _percent(value: float) -> str:
    return format_percent(
        value / 100, format="#,##0.0\xa0%" if babel_locale() == "de" else "#,##0.0%", locale=babel_locale()
    )


def _whole_money() -> str:
    return "#,##0\xa0¤" if babel_locale() == "de" else "¤#,##0"
