"""Imports files written by a test, by the actions behind the pages."""

import io
from typing import Any

from accounts.models import User
from customers.actions.importing import begin_check, begin_import, describe_import, upload_import
from customers.actions.working import work_on_imports
from customers.models import Customer, CustomerImport
from tests.factories import make_user

HEADER = "Kundennummer;Anrede;Vorname;Nachname;E-Mail;Telefon;Straße;PLZ;Ort;Land\r\n"
ANNA = "K1;Frau;Anna;Müller;anna@example.org;030 1234567;Musterweg 1;10115;Berlin;Deutschland\r\n"
BEN = "K2;Herr;Ben;Groß;ben@example.org;;Hauptstr. 5;01067;Dresden;DE\r\n"


def upload(content: str | bytes, *, by: User | None = None, name: str = "kunden.csv") -> CustomerImport:
    data = content.encode() if isinstance(content, str) else content
    return upload_import(file=io.BytesIO(data), name=name, by=by or make_user(language="en"))


def check(
    file: CustomerImport, *, columns: list[str] | None = None, only_fill_empty: bool = False, **written: Any
) -> CustomerImport:
    describe_import(file=file, **written)
    assert begin_check(file=file, columns=columns or file.columns, only_fill_empty=only_fill_empty)
    return work(file)


def work(file: CustomerImport) -> CustomerImport:
    """Until nothing is left to do."""
    file.refresh_from_db()
    while file.is_at_work:
        work_on_imports(seconds=1)
        file.refresh_from_db()
    return file


def import_all(content: str | bytes, *, name: str = "kunden.csv", **options: Any) -> CustomerImport:
    file = check(upload(content, name=name), **options)
    assert file.state == "checked", file.failure
    assert begin_import(file=file)
    return work(file)


def figures(file: CustomerImport) -> dict[str, int]:
    """Only those that are not zero."""
    names = ("created", "updated", "unchanged", "repeated", "refused")
    return {name: count for name in names if (count := getattr(file, name))}


def problems(file: CustomerImport) -> dict[int, str]:
    return dict(file.problems.values_list("line", "reason"))


def customer(value: str) -> Customer:
    return Customer.objects.get(identities__value=value)
