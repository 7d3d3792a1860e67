from decimal import Decimal

from django.template import Library

from accounts.money import money_text
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
    """1.234,50 € or €1,234.50, by the language of the page."""
    return "" if value is None else money_text(value, currency)
