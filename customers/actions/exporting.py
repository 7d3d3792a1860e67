"""Customers as CSV, written while it is read: nothing is held for longer than some hundred rows."""

import csv
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import User
from customers.importing.records import FIELDS
from customers.models import Customer, CustomerExport, Identity
from customers.querysets import CustomerQuerySet
from customers.spreadsheets import Echo, dialect, harmless

ROWS_PER_STEP = 1_000
KINDS = ("user_id", "email", "phone", "loyalty_card", "external_id")
BOM = "\ufeff"


def export_customers(
    *, customers: CustomerQuerySet, by: User, filters: dict[str, Any], zone: ZoneInfo
) -> Iterator[str]:
    """Lines of CSV in the language of now. Noted before the first line, so that none leaves unnoticed."""
    export = CustomerExport.objects.create(created_by=by, filters=filters)
    return _lines(export, customers, zone=zone, language=get_language())


def _lines(
    export: CustomerExport, customers: CustomerQuerySet, *, zone: ZoneInfo, language: str | None
) -> Iterator[str]:
    with override(language):
        writer = csv.writer(Echo(), **dialect())
        yield BOM + str(writer.writerow(_header()))
    rows = 0
    for customer in _by_steps(customers):
        with override(language):
            line = str(writer.writerow(_cells(customer, zone)))
        yield line
        rows += 1
        if not rows % ROWS_PER_STEP:
            CustomerExport.objects.filter(pk=export.pk).update(rows=rows)
    CustomerExport.objects.filter(pk=export.pk).update(rows=rows, is_complete=True)


def _by_steps(customers: CustomerQuerySet) -> Iterator[Customer]:
    """Step by step along the primary key: a slow reader keeps no transaction open."""
    identities = Prefetch("identities", Identity.objects.order_by("id"))
    ordered = customers.order_by("pk").select_related("owner").prefetch_related(None).prefetch_related(identities)
    last = 0
    while step := list(ordered.filter(pk__gt=last)[:ROWS_PER_STEP]):
        yield from step
        last = step[-1].pk


def _header() -> list[str]:
    """The names that an import recognises."""
    named = [_("customer number"), _("e-mail"), _("phone"), _("loyalty card"), _("external ID")]
    fields = [str(Customer._meta.get_field(name).verbose_name) for name in FIELDS]  # type: ignore[union-attr]
    others = [
        _("further identifiers"),
        _("further details"),
        _("owner"),
        _("kind"),
        _("known"),
        _("created at"),
        _("record"),
    ]
    return [capfirst(name) for name in (*named, *fields, *others)]


def _cells(customer: Customer, zone: ZoneInfo) -> list[Any]:
    values: dict[str, str] = {}
    others = []
    for identity in customer.identities.all():
        if identity.kind in KINDS and identity.kind not in values:
            values[identity.kind] = identity.value
        else:
            others.append(f"{identity.kind}: {identity.value}")
    texts = [values.get(kind, "") for kind in KINDS] + [getattr(customer, name) for name in FIELDS]
    texts += [
        ", ".join(others),
        customer.details,
        customer.owner.username if customer.owner else "",
        customer.get_kind_display(),
    ]
    created = customer.created_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return [*map(harmless, texts), _("yes") if customer.is_known else _("no"), created, customer.pk]
