"""What the pages of an import say happens, held against what happens, in both languages."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from customers.actions.importing import begin_import
from customers.actions.working import work_on
from tests.customers.importing import customer
from tests.customers.importing_pages import checked, imported, page, uploaded
from tests.factories import make_user

pytestmark = pytest.mark.django_db
# Two rows of one person, and one that is refused.
CONTENT = "E-Mail;Ort\na@example.org;Bonn\na@example.org;Kiel\nnobody;Ulm\n"
OF_SEVERAL = {
    "en": ("the last one counts", "the first one counts"),
    "de": ("die letzte gilt", "die erste gilt"),
}
ONCE_MORE = {
    "en": ("becomes again what the file says", "what is filled already stays as it is"),
    "de": ("wird wieder, wie es in der Datei steht", "Was schon ausgefüllt ist, bleibt"),
}


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path


@pytest.fixture(params=["en", "de"])
def language(request, client) -> str:
    client.force_login(make_user(Role.CUSTOMER_SUCCESS, language=request.param))
    return request.param


@pytest.mark.parametrize("fills", [False, True])
def test_of_several_rows_of_a_person_counts_the_one_it_says(client, language, fills):
    chosen = {"only_fill_empty": "on"} if fills else {}
    file = imported(client, uploaded(client, CONTENT), **chosen)
    shown = page(client, file)
    assert OF_SEVERAL[language][fills] in shown
    assert OF_SEVERAL[language][not fills] not in shown
    assert customer("a@example.org").city == ("Bonn" if fills else "Kiel")


@pytest.mark.parametrize("fills", [False, True])
def test_what_a_second_import_does_to_changes_is_what_it_says(client, language, fills):
    chosen = {"only_fill_empty": "on"} if fills else {}
    file = imported(client, uploaded(client, CONTENT), **chosen)
    assert ONCE_MORE[language][fills] in page(client, file)
    anna = customer("a@example.org")
    anna.city = "Jena"
    anna.save()
    imported(client, uploaded(client, CONTENT), **chosen)
    assert customer("a@example.org").city == ("Jena" if fills else "Kiel")


def test_after_a_check_nothing_counts_as_imported(client, language):
    file = checked(client, uploaded(client, CONTENT))
    shown = page(client, file)
    assert {"en": "or import the other rows", "de": "importieren Sie die übrigen Zeilen"}[language] in shown
    client.post(reverse("customer-import-cancellation", args=[file.pk]))
    shown = page(client, file)
    assert {"en": "Discarded before anything was imported.", "de": "Verworfen, bevor etwas importiert"}[
        language
    ] in shown
    file.refresh_from_db()
    assert (file.state, file.position, file.created) == ("cancelled", 0, 0)


def test_what_was_imported_before_it_was_cancelled_stays_as_it_says(client, monkeypatch, language):
    monkeypatch.setattr("customers.actions.working.ROWS_PER_BATCH", 1)
    file = checked(client, uploaded(client, CONTENT))
    begin_import(file=file)
    work_on(file, seconds=0)
    client.post(reverse("customer-import-cancellation", args=[file.pk]))
    said = {
        "en": "Cancelled after 1 row. What was imported stays.",
        "de": "Abgebrochen nach 1 Zeile. Was importiert war",
    }
    assert said[language] in page(client, file)
    assert customer("a@example.org").city == "Bonn"
