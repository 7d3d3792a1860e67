"""A file of customers: who is found, who is made, what changes, and what a dry run says before."""

import pytest
from django.conf import settings

from accounts.roles import Role
from customers.actions import merge_customers
from customers.actions.importing import begin_import, cancel_import
from customers.models import Customer, CustomerImport, Identity, ImportClaim
from surveys.models import Invitation
from tests.customers.importing import ANNA, BEN, HEADER, check, customer, figures, import_all, problems, upload, work
from tests.factories import make_customer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path


def test_it_makes_customers_with_their_identities_and_fields():
    file = import_all(HEADER + ANNA + BEN)

    assert (file.state, figures(file)) == ("done", {"created": 2})
    anna = customer("K1")
    assert (anna.salutation, anna.given_name, anna.family_name) == ("frau", "Anna", "Müller")
    assert (anna.street, anna.postal_code, anna.city, anna.country) == ("Musterweg 1", "10115", "Berlin", "DE")
    assert anna.is_known
    assert anna.is_canonical
    assert set(anna.identities.values_list("kind", "value")) == {
        ("user_id", "K1"),
        ("email", "anna@example.org"),
        ("phone", "+49301234567"),
    }
    assert not Invitation.objects.exists()


def test_a_check_tells_the_figures_and_stores_nothing():
    make_customer(email="ben@example.org")
    file = check(upload(HEADER + ANNA + BEN + ";;;;nobody;;;;;\r\n"))

    assert (file.state, figures(file)) == ("checked", {"created": 1, "updated": 1, "refused": 1})
    assert problems(file) == {4: "This is no e-mail address; write it like name@example.de."}
    assert Customer.objects.count() == 1
    assert Identity.objects.count() == 1
    assert not ImportClaim.objects.exists()


def test_the_same_file_again_adds_nothing():
    import_all(HEADER + ANNA + BEN)
    file = import_all(HEADER + ANNA + BEN)

    assert figures(file) == {"unchanged": 2}
    assert Customer.objects.count() == 2
    assert Customer.objects.filter(version=1).count() == 2


def test_it_changes_only_what_is_mapped_and_not_empty():
    anna = make_customer(email="anna@example.org", given_name="Anne", title="Dr.", city="Bonn", street="Alt 1")
    import_all("E-Mail;Vorname;Ort;Straße\nanna@example.org;Anna;;Neu 2\n")

    anna.refresh_from_db()
    assert (anna.given_name, anna.title, anna.city, anna.street) == ("Anna", "Dr.", "Bonn", "Neu 2")


def test_it_only_fills_what_is_empty_where_that_is_wished():
    anna = make_customer(email="anna@example.org", given_name="Anne", city="")
    file = import_all("E-Mail;Vorname;Ort\nanna@example.org;Anna;Bonn\n", only_fill_empty=True)

    anna.refresh_from_db()
    assert (anna.given_name, anna.city) == ("Anne", "Bonn")
    assert figures(file) == {"updated": 1}


def test_the_last_row_of_a_person_wins():
    rows = "E-Mail;Kundennummer;Ort\na@example.org;K1;Bonn\nb@example.org;K2;Ulm\na@example.org;;Kiel\n;K1;Jena\n"
    file = check(upload(rows))
    assert figures(file) == {"created": 2, "repeated": 2}

    begin_import(file=file)
    assert figures(work(file)) == {"created": 2, "repeated": 2}
    assert customer("K1").city == "Jena"


def test_persons_named_again_in_a_later_batch_are_the_same(monkeypatch):
    monkeypatch.setattr("customers.actions.working.ROWS_PER_BATCH", 2)
    make_customer(email="old@example.org")
    rows = (
        "E-Mail;Kundennummer;Ort\na@example.org;K1;Bonn\nold@example.org;;Ulm\n;K1;Kiel\nold@example.org;K9;\n;K9;X\n"
    )
    file = check(upload(rows))
    counted = figures(file)
    begin_import(file=file)

    assert counted == figures(work(file)) == {"created": 1, "updated": 1, "repeated": 3}
    assert customer("K1").city == "Kiel"
    assert customer("K9") == customer("old@example.org")
    assert customer("K9").city == "X"


def test_it_refuses_a_row_of_two_customers_and_merges_nobody():
    make_customer(email="a@example.org")
    make_customer(email="b@example.org")
    Identity.objects.create(customer=customer("a@example.org"), kind="user_id", value="K1")
    file = import_all("Kundennummer;E-Mail;Ort\nK1;b@example.org;Bonn\nK3;c@example.org;Ulm\n")

    assert figures(file) == {"created": 1, "refused": 1}
    assert "belong to two customers" in problems(file)[2]
    assert Customer.objects.canonical().count() == 3
    assert customer("b@example.org").city == ""


def test_a_shared_phone_number_stays_where_it_is():
    anna = make_customer(email="anna@example.org")
    Identity.objects.create(customer=anna, kind="phone", value="+49301234567")
    import_all("E-Mail;Telefon\nben@example.org;030 1234567\n")

    assert customer("+49301234567") == anna
    assert customer("ben@example.org") != anna


def test_a_phone_number_alone_finds_its_customer():
    anna = make_customer()
    Identity.objects.create(customer=anna, kind="phone", value="+49301234567")
    file = import_all("Telefon;Ort\n030/123 45 67;Bonn\n")

    anna.refresh_from_db()
    assert (anna.city, figures(file)) == ("Bonn", {"updated": 1})


def test_a_phone_number_is_completed_by_the_country_of_the_row():
    import_all("E-Mail;Telefon;Land\na@example.org;01 5123456;Österreich\nb@example.org;030 1234567;\n")

    assert set(Identity.objects.filter(kind="phone").values_list("value", flat=True)) == {"+4315123456", "+49301234567"}


def test_fields_go_to_the_canonical_customer_of_a_merge():
    kept, merged = make_customer(email="kept@example.org"), make_customer(email="merged@example.org")
    merge_customers(kept=kept, merged=merged, reason="same")
    import_all("E-Mail;Ort\nmerged@example.org;Bonn\n")

    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (kept.city, merged.city) == ("Bonn", "")


def test_an_address_that_only_a_browser_claimed_becomes_trusted():
    anna = make_customer()
    Identity.objects.create(customer=anna, kind="email", value="anna@example.org", is_trusted=False)
    import_all("E-Mail;Ort\nanna@example.org;Bonn\n")

    assert customer("anna@example.org") == anna
    assert Identity.objects.get().is_trusted


def test_a_browsers_claim_on_somebody_elses_page_gives_way():
    ben = make_customer(email="ben@example.org")
    Identity.objects.create(customer=ben, kind="email", value="anna@example.org", is_trusted=False)
    import_all("E-Mail;Kundennummer\nanna@example.org;K1\n")

    assert customer("anna@example.org") == customer("K1") != ben


def test_a_company_is_one_and_a_colleague_looks_after_it():
    owner = make_user(Role.SERVICE_AGENT, first_name="Jonas", last_name="Weber", email="jonas@shop.example")
    rows = "Firma;E-Mail;Zuständig\nMuster GmbH;info@muster.example;Jonas Weber\nX AG;x@x.example;JONAS@shop.example\n"
    file = import_all(rows + "Y AG;y@y.example;Nobody\n")

    muster = customer("info@muster.example")
    assert (muster.kind, muster.company_name, muster.owner) == ("company", "Muster GmbH", owner)
    assert customer("x@x.example").owner == owner
    assert "names no colleague" in problems(file)[4]


def test_further_columns_are_kept_under_their_names_in_the_declared_style():
    content = "E-Mail;Umsatz;Geburtstag;Hobby\na@example.org;1.234,56;31.12.1980;Rad\nb@example.org;12.34;1980-12-31;\n"
    file = import_all(content, columns=["email", "number", "day", "text"], number_style="comma", date_style="%d.%m.%Y")

    assert customer("a@example.org").properties == {"Umsatz": 1234.56, "Geburtstag": "1980-12-31", "Hobby": "Rad"}
    assert figures(file) == {"created": 1, "refused": 1}
    assert set(file.problems.values_list("line", "column", "value")) == {
        (3, "Umsatz", "12.34"),
        (3, "Geburtstag", "1980-12-31"),
    }


def test_a_row_without_identifier_is_refused():
    file = import_all("Vorname;E-Mail\nAnna;\n")

    assert figures(file) == {"refused": 1}
    assert "to find the customer by" in problems(file)[2]


def test_reasons_are_in_the_language_of_who_imports():
    file = check(upload("E-Mail\nx\n", by=make_user(language="de")))

    assert problems(file) == {2: "Das ist keine E-Mail-Adresse; schreiben Sie sie wie name@example.de."}


def test_a_cancelled_import_goes_no_further(monkeypatch):
    monkeypatch.setattr("customers.actions.working.ROWS_PER_BATCH", 1)
    file = check(upload(HEADER + ANNA + BEN))
    begin_import(file=file)
    assert cancel_import(file=file)

    assert (work(file).state, Customer.objects.count()) == ("cancelled", 0)
    assert not cancel_import(file=file)
    assert not begin_import(file=file)


def test_the_file_is_gone_when_the_import_has_ended(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        file = import_all(HEADER + ANNA)

    assert not file.path.exists()
    assert list((settings.VAR_DIR / "imports").iterdir()) == []


def test_nothing_is_imported_before_it_was_checked():
    file = upload(HEADER + ANNA)

    assert not begin_import(file=file)
    assert CustomerImport.objects.get().state == "uploaded"
