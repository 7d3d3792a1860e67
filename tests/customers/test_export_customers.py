"""Customers as CSV: what the list shows, harmless to open, by whom it is allowed, and written down."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from customers.models import Customer, CustomerExport, Identity
from tests.customers.importing import ANNA, BEN, HEADER, figures, import_all
from tests.everything import NASTY, make_everything
from tests.factories import make_customer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user(Role.CUSTOMER_SUCCESS, username="clara"))
    return client


def export(client: Client, query: str = "") -> str:
    response = client.post(reverse("admin:customers_customer_export") + query)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    data = b"".join(response.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    return data.decode("utf-8-sig")


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_it_holds_who_they_are_and_how_they_are_reached(client):
    import_all(HEADER + ANNA)
    (anna,) = rows(export(client))
    assert (anna["Customer number"], anna["E-mail"], anna["Family name"]) == ("K1", "anna@example.org", "Müller")
    assert (anna["Postal code"], anna["Kind"], anna["Known"]) == ("10115", "person", "yes")


def test_it_holds_what_imports_brought_beside_the_fields(client):
    make_customer(properties={"Umsatz": 1234.5, "Hobby": "Rad"})
    (row,) = rows(export(client))
    assert row["Further details"] == "Hobby: Rad, Umsatz: 1234.5"


def test_germans_get_semicolons_and_german_names(client):
    client.force_login(make_user(Role.CUSTOMER_SUCCESS, language="de"))
    import_all(HEADER + ANNA)
    (anna,) = rows(export(client), ";")
    assert (anna["Kundennummer"], anna["E-Mail"], anna["Nachname"]) == ("K1", "anna@example.org", "Müller")


@pytest.mark.parametrize(("language", "delimiter", "details"), [("de", ";", "Umsatz: 1234,5"), ("en", ",", "1234.5")])
def test_who_exports_gets_it_as_their_spreadsheet_reads_it(client, language, delimiter, details):
    client.force_login(make_user(Role.CUSTOMER_SUCCESS, language=language))
    make_customer(properties={"Umsatz": 1234.5})
    # The account counts, not the browser.
    other = {"de": "en", "en": "de"}[language]
    response = client.post(reverse("admin:customers_customer_export"), headers={"Accept-Language": other})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert details in next(csv.reader(io.StringIO(text.splitlines()[1]), delimiter=delimiter))[17]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_taken_for_a_formula(client, sign):
    make_customer(family_name=f"{sign}1+1")
    (row,) = rows(export(client))
    assert row["Family name"] == f"'{sign}1+1"


def test_numbers_stay_numbers(client):
    customer = make_customer()
    (row,) = rows(export(client))
    assert row["Record"] == str(customer.pk)


def test_search_and_filters_count(client):
    make_customer(family_name="Müller")
    make_customer(family_name="Schmidt", language="en")
    make_customer(family_name="Schmidt", language="de")
    assert [row["Family name"] for row in rows(export(client, "?q=mueller"))] == ["Müller"]
    assert [row["Language"] for row in rows(export(client, "?q=schmidt&language__exact=en"))] == ["en"]


def test_it_goes_on_where_a_step_ends(client, monkeypatch):
    monkeypatch.setattr("customers.actions.exporting.ROWS_PER_STEP", 2)
    made = [make_customer().pk for _number in range(5)]
    assert [int(row["Record"]) for row in rows(export(client))] == made


def test_who_took_it_when_how_many_and_which_is_written_down(client):
    make_customer(family_name="Müller")
    export(client, "?q=mueller&language__exact=de")
    export(client)
    noted = CustomerExport.objects.order_by("id").values_list("created_by__username", "filters", "rows", "is_complete")
    assert list(noted) == [
        ("clara", {"q": "mueller", "language__exact": "de"}, 0, True),
        ("clara", {}, 1, True),
    ]


def test_it_is_noted_before_the_first_line_leaves(client):
    make_customer()
    response = client.post(reverse("admin:customers_customer_export"))
    assert CustomerExport.objects.get().is_complete is False
    response.close()


@pytest.mark.parametrize("role", [Role.SERVICE_AGENT, Role.TEAM_LEAD, Role.ANALYST])
def test_other_roles_may_not_take_it(client, role):
    client.force_login(make_user(role))
    assert client.post(reverse("admin:customers_customer_export")).status_code == 403
    assert "/export/" not in client.get(reverse("admin:customers_customer_changelist")).content.decode()
    assert not CustomerExport.objects.exists()


def test_looking_at_the_address_takes_nothing(client):
    assert client.get(reverse("admin:customers_customer_export")).status_code == 405
    assert not CustomerExport.objects.exists()


def test_the_button_stands_above_the_list_with_its_search(client):
    page = client.get(reverse("admin:customers_customer_changelist") + "?q=mueller").content.decode()
    assert reverse("admin:customers_customer_export") + "?q=mueller" in page


def test_every_stored_row_comes_out_as_it_is_stored(client):
    make_everything()
    found = {row["Family name"] for row in rows(export(client, "?merged=shown"))}
    assert f"'{NASTY}"[:121] in found or f"'{NASTY}" in found
    assert len(rows(export(client, "?merged=shown"))) == Customer.objects.count()


def test_what_was_exported_can_be_imported_again(client):
    import_all(HEADER + ANNA + BEN.replace("Groß", "@Groß"))
    text = export(client)
    before = set(Identity.objects.values_list("customer", "kind", "value"))
    assert figures(import_all(text)) == {"unchanged": 2}
    assert set(Identity.objects.values_list("customer", "kind", "value")) == before


def test_identifiers_that_look_like_formulas_come_back_as_they_were(client):
    customer = make_customer(email="+news@example.org")
    Identity.objects.create(customer=customer, kind="external_id", value="-17")
    text = export(client)
    assert "'+news@example.org" in text
    before = set(Identity.objects.values_list("customer", "kind", "value"))
    import_all(text)
    assert set(Identity.objects.values_list("customer", "kind", "value")) == before


def test_a_hundred_customers_cost_as_many_questions_as_one(client, django_assert_max_num_queries):
    for _number in range(100):
        make_customer(email=f"a{_number}@example.org")
    with django_assert_max_num_queries(14):
        export(client)
