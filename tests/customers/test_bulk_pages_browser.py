"""Many people are given a tag in a real browser, and the tag is taken back."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from customers.models import Tag
from tests.customers.tabs import picture, signed_in
from tests.factories import make_customer
from tests.pages.checks import dark_troubles, layout_troubles

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_all_are_chosen_tagged_and_given_back(browser: Browser, live_server: LiveServer) -> None:
    for number in range(60):
        make_customer(given_name=f"Anna {number}", email=f"anna{number}@example.org", city="Berlin")
    said: list[str] = []
    tag = Tag.objects.create(key="regular", name="Stammkunde", colour="green")
    tab = signed_in(browser, live_server, "Clara", said)
    tab.goto("/admin/customers/customer/")
    tab.locator("#action-toggle").check()
    tab.locator(".actions .question a").click()
    tab.locator("select[name=action]").select_option(label="Schlagwort hinzufügen")
    picture(tab, "chosen")
    tab.locator(".actions button[type=submit]").click()

    tab.get_by_text("60 Personen sind ausgewählt.").wait_for()
    tab.get_by_label("Schlagwort").select_option(label="Stammkunde")
    picture(tab, "bulk")
    assert layout_troubles(tab) == []
    assert dark_troubles(tab) == []
    tab.get_by_role("button", name="60 Personen ändern").click()
    tab.locator(".messagelist .success").wait_for()
    picture(tab, "tagged")
    assert layout_troubles(tab) == []
    assert dark_troubles(tab) == []
    assert tag.customers.count() == 60

    tab.locator(".messagelist a").click()
    picture(tab, "undo")
    assert layout_troubles(tab) == []
    tab.get_by_role("button", name="Diese Änderung rückgängig machen").click()
    tab.locator(".messagelist .success").wait_for()
    assert tag.customers.count() == 0
    assert said == []
    tab.context.close()
