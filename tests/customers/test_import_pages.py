"""The pages of an import, over HTTP: upload, columns, check, import, and every file that is not as it should be."""

import csv
import gzip
import io
import resource

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from customers.actions.importing import describe_import
from customers.models import Customer, CustomerImport
from tests.customers.importing import ANNA, BEN, HEADER, check, customer, upload, work
from tests.customers.importing_pages import checked, imported, page, post_file, uploaded
from tests.factories import make_user

pytestmark = pytest.mark.django_db
GERMAN = (
    "Kundennummer;Nachname;E-Mail;Straße;Umsatz;Kunde seit\r\n"
    "K1;Müller;anna@example.org;Größerweg 1;1.234,56;31.12.2026\r\n"
)
WRITTEN = {
    "encoding": "utf-8", "delimiter": ";", "number_style": "comma", "date_style": "%d.%m.%Y", "country": "DE",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user(Role.CUSTOMER_SUCCESS))
    return client


def test_a_file_goes_from_upload_to_customers(client):
    file = uploaded(client, HEADER + ANNA + BEN + ";;;;nobody;;;;;\r\n")
    assert "3 rows" in page(client, file)
    checked(client, file)
    assert "2 new, 0 changed, 1 refused" in page(client, file)
    assert not Customer.objects.exists()
    client.post(reverse("customer-import-run", args=[file.pk]))
    assert "Importing …" in page(client, file)
    work(file)
    shown = page(client, file)
    assert "Imported: 2 new, 0 changed, 1 refused" in " ".join(shown.split())
    assert reverse("customer", args=[customer("K1").pk]) in shown


def test_the_progress_reloads_the_page_at_its_end(client):
    file = uploaded(client, HEADER + ANNA)
    client.post(reverse("customer-import-check", args=[file.pk]), {"column_0": "user_id"})
    address = reverse("customer-import-progress", args=[file.pk])
    assert "HX-Refresh" not in client.get(address)
    work(file)
    assert client.get(address)["HX-Refresh"] == "true"


def test_rows_left_out_are_downloaded_as_harmless_csv(client):
    file = checked(client, uploaded(client, "E-Mail;Land\n=1+1;DE\nanna@example.org;Narnia\n"))
    response = client.get(reverse("customer-import-problems", args=[file.pk]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[:3] for row in rows] == [["Line", "Column", "Value"], ["2", "E-Mail", "'=1+1"], ["3", "Land", "Narnia"]]


@pytest.mark.parametrize(
    ("encoding", "recognised"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("windows-1252", "windows-1252"), ("utf-16", "utf-16")],
)
def test_it_recognises_the_encoding_and_shows_it(client, encoding, recognised):
    file = uploaded(client, GERMAN.encode(encoding))
    assert file.encoding == recognised
    assert "Größerweg 1" in page(client, file)
    imported(client, file)
    assert (customer("K1").family_name, customer("K1").street) == ("Müller", "Größerweg 1")


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_it_recognises_the_delimiter(client, delimiter):
    file = uploaded(client, (HEADER + ANNA).replace(";", delimiter))
    assert (file.delimiter, len(file.header)) == (delimiter, 10)


def test_the_person_may_say_how_it_is_written(client):
    file = uploaded(client, b"E-Mail,Ort;Land\na@example.org,Ulm;DE\n")
    written = {"encoding": "windows-1252", "delimiter": ";", "number_style": "point", "date_style": "%Y-%m-%d"}
    client.post(reverse("customer-import-description", args=[file.pk]), written | {"country": "Österreich"})
    file.refresh_from_db()
    assert (file.header, file.country, file.encoding) == (["E-Mail,Ort", "Land"], "AT", "windows-1252")


def test_what_is_described_anew_is_checked_anew(client):
    file = check(upload(HEADER + ANNA))
    assert file.state == "checked"
    client.post(reverse("customer-import-description", args=[file.pk]), WRITTEN | {"number_style": "point"})
    file.refresh_from_db()
    assert (file.state, file.created) == ("uploaded", 0)
    client.post(reverse("customer-import-run", args=[file.pk]))
    file.refresh_from_db()
    assert file.state == "uploaded"


def test_an_import_at_work_is_not_described_anew():
    file = check(upload(HEADER + ANNA))
    CustomerImport.objects.filter(pk=file.pk).update(state="running", position=1)
    describe_import(file=file, date_style="%d/%m/%Y")
    file.refresh_from_db()
    assert (file.state, file.position) == ("running", 1)
    assert file.date_style != "%d/%m/%Y"


def test_numbers_and_dates_are_read_in_the_declared_style(client):
    file = uploaded(client, GERMAN)
    written = {
        "encoding": "utf-8",
        "delimiter": ";",
        "number_style": "comma",
        "date_style": "%d.%m.%Y",
        "country": "DE",
    }
    client.post(reverse("customer-import-description", args=[file.pk]), written)
    imported(client, file, column_4="number", column_5="day")
    assert customer("K1").properties == {"Umsatz": 1234.56, "Kunde seit": "2026-12-31"}


def test_quoted_newlines_and_delimiters_stay_in_their_cell(client):
    file = imported(
        client, uploaded(client, 'E-Mail;Straße;Ort\r\na@example.org;"Hof 1;\r\nHinterhaus";Ulm\r\nx;;\r\n')
    )
    assert customer("a@example.org").street == "Hof 1; Hinterhaus"
    assert list(file.problems.values_list("line", flat=True)) == [4]


def test_ragged_rows_are_refused_with_their_line(client):
    file = imported(
        client,
        uploaded(
            client, "E-Mail;Ort\na@example.org\nb@example.org;Ulm;X\nc@example.org;Ulm;;\n\n;\nd@example.org;Ulm\n"
        ),
    )
    assert dict(file.problems.values_list("line", "reason")) == {
        2: "The row has 1 fields instead of 2.",
        3: "The row has 3 fields instead of 2.",
    }
    assert file.created == 2


def test_a_cell_that_is_no_text_is_refused_with_its_line(client):
    file = uploaded(client, "E-Mail;Ort\na@example.org;Köln\n".encode("windows-1252") + b"b@example.org;\x81lm\n")
    imported(client, file)
    assert list(file.problems.values_list("line", "column")) == [(3, "Ort")]
    assert customer("a@example.org").city == "Köln"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "The file is empty."),
        ("Name;E-Mail\n", "The table has column names but no rows."),
        ("\n\n;;\n", "The table is empty"),
        (b"%PDF-1.7 ...", "not a table"),
        (b"\x89PNG\r\n\x1a\n0000", "not a table"),
        (gzip.compress(b"a;b\n1;2\n", mtime=0), "unpack it first"),
        (b"a\0b\0c\0", "The file is no text"),
        (b"PK\x03\x04nonsense", "cannot be read"),
        (b"\xff\xfeA", "is not utf-16 text"),
        ('a;b\n"' + "x" * 200_000, "Is a quote left open?"),
        (";".join(map(str, range(400))) + "\n1\n", "more than 300 columns"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(client, content, reason):
    response = post_file(client, content)
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not CustomerImport.objects.exists()


def test_a_file_that_is_too_large_is_refused(client, monkeypatch):
    monkeypatch.setattr("customers.forms.MOST_MEGABYTES", 0)
    response = post_file(client, HEADER + ANNA)
    assert response.status_code == 422
    assert "divide it into several" in response.content.decode()


def test_without_a_file_it_asks_for_one(client):
    response = client.post(reverse("customer-imports"))
    assert response.status_code == 422
    assert "Choose a file." in response.content.decode()


def test_a_full_disk_is_told_and_leaves_nothing(client, settings):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        response = post_file(client, HEADER + ANNA * 2_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert response.status_code == 422
    assert "its disk may be full" in response.content.decode()
    assert list((settings.VAR_DIR / "imports").iterdir()) == []


def test_a_column_is_needed_by_which_customers_are_found(client):
    file = uploaded(client, HEADER + ANNA)
    response = client.post(reverse("customer-import-check", args=[file.pk]), {"column_2": "given_name"})
    assert response.status_code == 422
    assert "Choose a column by which customers are found" in response.content.decode()


def test_a_meaning_is_for_one_column_only(client):
    file = uploaded(client, HEADER + ANNA)
    chosen = {"column_0": "user_id", "column_2": "given_name", "column_3": "given_name"}
    response = client.post(reverse("customer-import-check", args=[file.pk]), chosen)
    assert response.status_code == 422
    assert "is chosen for two columns" in response.content.decode()


def test_the_same_file_again_is_told(client):
    imported(client, uploaded(client, HEADER + ANNA))
    assert "The same file was imported on" in page(client, uploaded(client, HEADER + ANNA))


def test_a_discarded_file_is_gone(client, django_capture_on_commit_callbacks):
    file = uploaded(client, HEADER + ANNA)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("customer-import-cancellation", args=[file.pk]))
    file.refresh_from_db()
    assert (file.state, file.path.exists()) == ("cancelled", False)
    assert client.post(reverse("customer-import-check", args=[file.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.SERVICE_AGENT, Role.ANALYST, Role.TEAM_LEAD])
def test_others_may_not_import(client, role):
    file = uploaded(client, HEADER + ANNA)
    client.force_login(make_user(role))
    for name in ("customer-import", "customer-import-progress", "customer-import-problems"):
        assert client.get(reverse(name, args=[file.pk])).status_code == 403
    for name in ("description", "check", "run", "cancellation"):
        assert client.post(reverse(f"customer-import-{name}", args=[file.pk])).status_code == 403
    assert client.get(reverse("customer-imports")).status_code == 403
    assert post_file(client, HEADER + ANNA).status_code == 403


@pytest.mark.parametrize("pk", ["0", "99999999999999999999"])
def test_an_import_that_does_not_exist_is_not_found(client, pk):
    assert client.get(f"/imports/{pk}/").status_code == 404
