"""The disclosure of Art. 15 DSGVO: a page to read and print, and the same as JSON."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer

from accounts.admin.buttons import Button
from customers.actions.accesses import note_access
from customers.models import AccessKind, Customer, CustomerExport
from customers.privacy.export import Section, as_data, sections
from customers.privacy.person import Person


def disclosure(request: HttpRequest, customer: Customer) -> HttpResponse:
    person = Person.of([customer.pk])
    if request.GET.get("format") == "json":
        return _as_file(request, customer, as_data(person))
    found = sections(person)
    _note(request, customer, found)
    context = admin.site.each_context(request) | {
        "title": _("Disclosure"),
        "object": customer,
        "sections": found,
        "now": timezone.now(),
        "opts": Customer._meta,
    }
    return TemplateResponse(request, "admin/customers/disclosure.html", context)


def _as_file(request: HttpRequest, customer: Customer, data: dict[str, Any]) -> HttpResponse:
    _note(request, customer, data)
    body = JSONRenderer().render(data, renderer_context={"indent": 2})
    name = f"disclosure-{customer.pk}.json"
    return HttpResponse(
        body, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _note(request: HttpRequest, customer: Customer, found: list[Section] | dict[str, Any]) -> None:
    """Who took personal data out, and whose; the number of a record tells nothing once the person is erased."""
    rows = [section.rows for section in found] if isinstance(found, list) else list(found.values())
    user: Any = request.user
    note_access(kind=AccessKind.DISCLOSURE, by=user, customer=customer.pk)
    CustomerExport.objects.create(
        created_by=user, filters={"disclosure": customer.pk}, rows=sum(map(len, rows)), is_complete=True
    )


DISCLOSURE = Button(
    name="disclosure", label=_("Disclosure (Art. 15)"), permission="customers.export_customer", page=disclosure
)
