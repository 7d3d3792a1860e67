"""Excel workbooks over the pages of an import: what cells become, which sheet, and what is no honest workbook."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from customers.models import CustomerImport
from tests.customers.importing import customer
from tests.customers.importing_pages import imported, page, post_file, uploaded
from tests.customers.workbooks import cell, workbook
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user(Role.CUSTOMER_SUCCESS))
    return client


def test_a_workbook_called_csv_is_read_as_what_it_is(client):
    rows = [["Kundennummer", "Nachname", "Umsatz", "Seit"], [4711, "Müller", 1234.5, cell(46022, is_date=True)]]
    file = uploaded(client, workbook({"Kunden": rows, "Leer": []}), name="kunden.csv")
    assert (file.is_workbook, file.sheets, file.sheet) == (True, ["Kunden", "Leer"], "Kunden")
    imported(client, file, column_2="number", column_3="day")
    assert customer("4711").properties == {"Umsatz": 1234.5, "Seit": "2025-12-31"}


def test_another_sheet_is_chosen(client):
    file = uploaded(client, workbook({"Deckblatt": [["Titel"], ["x"]], "Kunden": [["E-Mail"], ["a@example.org"]]}))
    written = {"sheet": "Kunden", "number_style": "comma", "date_style": "%d.%m.%Y", "country": "DE"}
    client.post(reverse("customer-import-description", args=[file.pk]), written)
    file.refresh_from_db()
    assert (file.header, file.columns) == (["E-Mail"], ["email"])
    assert imported(client, file).created == 1


def test_a_workbook_that_names_the_last_cell_does_not_fill_the_memory(client):
    response = post_file(client, workbook({"B": [["E-Mail"]]}, corner="XFD1048576"), name="bomb.xlsx")
    assert response.status_code == 422
    assert "too large to be read" in response.content.decode()


def test_a_workbook_that_grows_beyond_all_bounds_is_refused_and_leaves_nothing(client, settings, monkeypatch):
    monkeypatch.setattr("customers.table_files.workbook.MOST_BYTES", 100_000)
    rows = [["E-Mail", "Umsatz"], *([f"a{n}@example.org", 1e300] for n in range(1_000))]
    response = post_file(client, workbook({"B": rows}), name="bomb.xlsx")
    assert response.status_code == 422
    assert "too large to be read" in response.content.decode()
    assert list((settings.VAR_DIR / "imports").iterdir()) == []
    assert not CustomerImport.objects.exists()


@pytest.mark.parametrize("sheet", ["Leer", "Bombe"])
def test_a_sheet_that_cannot_be_read_leaves_the_one_before(client, settings, monkeypatch, sheet):
    monkeypatch.setattr("customers.table_files.workbook.MOST_BYTES", 100_000)
    sheets = {"Kunden": [["E-Mail"], ["a@example.org"]], "Leer": [], "Bombe": [["E-Mail"], *[[1e300]] * 1_000]}
    file = uploaded(client, workbook(sheets))
    written = {"sheet": sheet, "number_style": "comma", "date_style": "%d.%m.%Y", "country": "DE"}
    assert client.post(reverse("customer-import-description", args=[file.pk]), written).status_code == 422
    assert "a@example.org" in page(client, file)
    assert imported(client, file).created == 1
    assert {it.name for it in (settings.VAR_DIR / "imports").iterdir()} <= {file.path.name, file.table.name}


def test_sheets_with_names_that_nobody_can_choose_are_left_out(client):
    file = uploaded(client, workbook({"x" * 300: [["Titel"], ["x"]], "Kunden": [["E-Mail"], ["a@example.org"]]}))
    assert (file.sheets, file.header) == (["Kunden"], ["E-Mail"])
