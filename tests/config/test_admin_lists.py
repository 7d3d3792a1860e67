"""Every list and page of the administration, generated over the registry."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Change
from tests.everything import NASTY, SHOWN, make_everything
from tests.factories import make_user

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# Session, user, a bounded count, the rows; then what filters and prefetches need.
MOST_QUERIES = 12
# Shown to nobody who does not know the address.
SEARCHED_FOR = {"customers.ConsentProof": "?q=proof@example.org"}
UNSEEN = ("\u202e", "\u200b")

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = Client()
    client.force_login(make_user(is_superuser=True))
    return client


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(url, headers={"accept-language": "en"})
    assert answer.status_code == 200, url
    return captured.captured_queries, answer.content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_asks_the_same_few_queries_for_any_number_of_rows(client, model):
    make_everything()
    few, _page = queries(client, address(model, "changelist"))
    for _ in range(2):
        make_everything()
    many, _page = queries(client, address(model, "changelist"))
    assert len(many) == len(few) <= MOST_QUERIES, [query["sql"] for query in many]

    table = f'FROM "{model._meta.db_table}"'
    counts = [query["sql"] for query in many if query["sql"].startswith("SELECT COUNT(") and table in query["sql"]]
    assert all("LIMIT 1001" in sql for sql in counts), counts


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_row_renders_and_shows_unseen_characters(client, model):
    row = make_everything()[model]
    _asked, listed = queries(client, address(model, "changelist") + SEARCHED_FOR.get(model._meta.label, ""))
    assert "result_list" in listed
    assert not any(sign in listed for sign in UNSEEN)
    _asked, shown = queries(client, address(model, "change", row.pk))
    assert "<b>Müller" not in shown
    heading = shown[shown.index("<h1>") : shown.index("<form", shown.index("<h1>"))]
    assert not any(sign in heading for sign in UNSEEN)
    if NASTY in str(row):
        assert SHOWN in listed
        assert SHOWN in heading


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_an_empty_list_says_what_will_stand_here(client, model):
    if model is Change:
        with connection.cursor() as cursor:
            cursor.execute("truncate accounts_change")
    elif model._default_manager.exists():
        model._default_manager.all().delete() if model._meta.label != "accounts.User" else None
    page = admin.site._registry[model]
    _asked, shown = queries(client, address(model, "changelist") + ("?q=nobody" if page.search_fields else ""))
    assert str(page.about)
    assert str(page.when_empty)
    assert 'class="empty"' in shown
