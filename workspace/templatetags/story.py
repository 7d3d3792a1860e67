from decimal import Decimal

from django.template import Library
from django.utils.formats import number_format

from customers.consent import ContactDecision
from customers.models.consent import Purpose
from workspace.reasons import BASES, REFUSALS

register = Library()


@register.filter
def because(decision: ContactDecision) -> str:
    return str(BASES[decision.basis] if decision.is_allowed else REFUSALS[decision.reason])


@register.filter
def purpose_label(decision: ContactDecision) -> str:
    return str(Purpose(decision.purpose).label)


@register.filter
def money(value: Decimal | None, currency: str) -> str:
    """1.234,50 EUR or 1,234.50 EUR, by the language of the page."""
    return (
        ""
        if value is None
        else f"{number_format(value, 2, use_l10n=True, force_grouping=True)}\N{NO-BREAK SPACE}{currency}"
    )
