"""How a customer is named on a page and addressed in a mail: never by a bare first name."""

from typing import Protocol

from django.utils.translation import gettext as _


class Named(Protocol):
    salutation: str
    title: str
    given_name: str
    family_name: str
    company_name: str


def display_name(customer: Named) -> str:
    person = " ".join(part for part in (customer.title, customer.given_name, customer.family_name) if part)
    return person or customer.company_name


def salutation_line(customer: Named) -> str:
    """“Guten Tag Frau Dr. Müller” where salutation and family name are known, else the full name."""
    form = {"frau": _("Ms"), "herr": _("Mr")}.get(customer.salutation, "")
    if form and customer.family_name:
        name = " ".join(part for part in (form, customer.title, customer.family_name) if part)
    elif customer.family_name:
        name = display_name(customer)
    else:
        name = customer.company_name
    return _("Good day %(name)s") % {"name": name} if name else _("Good day")
