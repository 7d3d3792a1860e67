"""A German Excel file through the pages, with a real worker; `make prove` sends 100,000 rows the same way."""

import re
import time
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from customers.models import Customer, CustomerImport, Identity
from tests.customers.importing import customer
from tests.factories import make_brand, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADER = "Kundennummer;Anrede;Titel;Vorname;Nachname;E-Mail;Telefon;Straße;PLZ;Ort;Umsatz;Kunde seit\r\n"
# As Excel in Germany saves “CSV (Trennzeichen-getrennt)”: windows-1252, semicolons, decimal commas.
ROWS = (
    "4711;Frau;Dr.;Jana;Größler;jana@kunde.example;030/1234567;Mühlstraße 7;01067;Dresden;1.234,56;31.12.2026\r\n"
    '4712;Herr;;Ben;"Weiß; Ben";ben@kunde.example;;"Hof 3\r\nHinterhaus";10115;Berlin;87,90;01.02.2025\r\n'
    "4713;Frau;;Eva;Öztürk;keine Adresse;;Am Ring 1;50667;Köln;1.0;31.12.2026\r\n"
)
MOST_SECONDS = 600


@pytest.fixture
def folder(tmp_path, settings, monkeypatch) -> Path:
    """For this process and the worker alike."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def staff(page: Page, live_server) -> Page:
    make_brand()
    client = Client()
    client.force_login(make_user(Role.CUSTOMER_SUCCESS, language="de"))
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([session])
    return page


def upload(page: Page, path: Path) -> None:
    page.goto(reverse("customer-imports"))
    page.get_by_label("CSV- oder Excel-Datei").set_input_files(path)
    page.get_by_role("button", name="Hochladen und ansehen").click()
    expect(page.get_by_role("heading", name="Ist sie richtig gelesen?")).to_be_visible(timeout=60_000)


def check_and_import(page: Page, *, expected: str) -> None:
    patience = MOST_SECONDS * 1000
    page.get_by_role("button", name="Ohne Änderung prüfen").click()
    expect(page.get_by_text(f"Geprüft, noch ist nichts geändert: {expected}")).to_be_visible(timeout=patience)
    assert not Customer.objects.exists()
    page.get_by_role("button", name="Jetzt importieren").click()
    expect(page.get_by_text(f"Importiert: {expected}")).to_be_visible(timeout=patience)


def test_a_german_excel_file_becomes_customers(folder, staff: Page, celery_worker_and_beat):
    path = folder / "Kunden März.csv"
    path.write_bytes((HEADER + ROWS).encode("windows-1252"))
    upload(staff, path)
    expect(staff.get_by_label("Zeichensatz")).to_have_value("windows-1252")
    expect(staff.get_by_label("Trennzeichen")).to_have_value(";")
    expect(staff.get_by_label("Zahlen")).to_have_value("comma")
    expect(staff.get_by_role("cell", name="Größler")).to_be_visible()
    expect(staff.get_by_label("Straße", exact=True)).to_have_value("street")
    staff.get_by_label("Umsatz", exact=True).select_option(label="Als Zahl unter ihrem Namen behalten")
    staff.get_by_label("Kunde seit", exact=True).select_option(label="Als Datum unter ihrem Namen behalten")
    check_and_import(staff, expected="2 neu, 0 geändert, 1 abgelehnt")

    jana = customer("4711")
    assert (jana.title, jana.family_name, jana.street, jana.postal_code) == ("Dr.", "Größler", "Mühlstraße 7", "01067")
    assert jana.properties == {"Umsatz": 1234.56, "Kunde seit": "2026-12-31"}
    assert (customer("4712").family_name, customer("4712").street) == ("Weiß; Ben", "Hof 3 Hinterhaus")
    table = staff.get_by_role("table")
    expect(table.get_by_role("row", name=re.compile("5 E-Mail keine Adresse"))).to_be_visible()
    expect(table.get_by_role("row", name=re.compile("5 Umsatz 1.0"))).to_be_visible()
    with staff.expect_download() as download:
        staff.get_by_role("link", name="Alle als CSV").click()
    assert "Das ist keine E-Mail-Adresse" in download.value.path().read_text("utf-8-sig")
    staff.get_by_role("link", name="Dr. Jana Größler").click()
    expect(staff.get_by_role("heading", name="Dr. Jana Größler")).to_be_visible()


@pytest.mark.prove
def test_a_hundred_thousand_rows_go_through_the_page(folder, staff: Page, celery_worker_and_beat):
    rows = 100_000
    lines = (
        f"{n};Frau;;Anna {n % 997};Müller {n % 1009};a{n}@kunde.example;030 {1_000_000 + n};Weg {n % 200};"
        f"{10_000 + n % 89_000};Ort {n % 3000};1.{n % 900 + 100},50;31.12.2026\r\n"
        for n in range(rows)
    )
    path = folder / "Viele.csv"
    path.write_bytes((HEADER + "".join(lines)).encode("windows-1252"))
    began = time.monotonic()
    upload(staff, path)
    print(f"uploaded and looked at after {time.monotonic() - began:.1f} s, {path.stat().st_size >> 20} MB")
    check_and_import(staff, expected="100.000 neu, 0 geändert, 0 abgelehnt")
    print(f"checked and imported after {time.monotonic() - began:.1f} s")

    file = CustomerImport.objects.get()
    assert (file.created, file.refused, file.rows) == (rows, 0, rows)
    assert Customer.objects.count() == rows
    assert Identity.objects.count() == 3 * rows
    print(f"{Customer.objects.count()} customers with {Identity.objects.count()} identities are stored")
