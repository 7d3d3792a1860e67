"""A person of whom every model holds something, with a marker in every field that may tell about them."""

from typing import Any

from django.db import connection, models

from customers.models import Customer, Identity
from customers.privacy.holdings import holdings, personal_fields
from tests.everything import make_everything

MARKER = "Z~7"  # short enough for every field, and in no key or hash by chance
EMAIL = "zq7zq7@example.org"


def make_marked_person() -> Customer:
    rows = make_everything("Kaffee")
    customer = rows[Customer]
    assert isinstance(customer, Customer)
    Identity.objects.create(customer=customer, kind="email", value=EMAIL)
    with connection.cursor() as cursor:
        # What is append-only is written to all the same, here.
        cursor.execute("set session_replication_role = replica")
        for holding in holdings():
            for row in holding.of([customer.pk]):
                _mark(holding.model, row)
        cursor.execute("set session_replication_role = default")
    return customer


def marked_fields() -> set[str]:
    return {
        f"{holding.model._meta.label}.{name}"
        for holding in holdings()
        for name in personal_fields(holding.model)
        if _fits(holding.model, name)
    }


def _mark(model: type[models.Model], row: models.Model) -> None:
    values: dict[str, Any] = {}
    for name in personal_fields(model):
        if not _fits(model, name) or (isinstance(row, Identity) and row.value == EMAIL):
            continue
        marker = f"{MARKER}{model._meta.label}.{name}"
        field = model._meta.get_field(name)
        length = getattr(field, "max_length", None)
        if isinstance(field, models.JSONField):
            values[name] = {"about": marker}
        else:
            values[name] = f"{marker}{row.pk}" if field.unique or isinstance(row, Identity) else marker[:length]
    if values:
        model._default_manager.filter(pk=row.pk).update(**values)


def _fits(model: type[models.Model], name: str) -> bool:
    return not model._meta.get_field(name).choices


def everything_stored() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f"select t::text from {table} t")  # noqa: S608
            found += [f"{table}: {text}" for (text,) in cursor.fetchall()]
    return "\n".join(found)
