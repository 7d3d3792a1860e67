"""The page that tells of somebody else's change, in a real browser: clean at both widths, silent, usable."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from customers.models import Customer, Tag
from tests.customers.tabs import picture, signed_in
from tests.factories import make_customer
from tests.pages.checks import dark_troubles, layout_troubles

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_second_chooses_field_by_field(browser: Browser, live_server: LiveServer) -> None:
    anna = make_customer(email="anna@example.org", city="Berlin", street="Altweg 1", postal_code="10115")
    tag, said = Tag.objects.create(key="regular", name="Stammkunde", colour="green"), list[str]()
    first, second = (signed_in(browser, live_server, name, said) for name in ("Clara", "Tarik"))
    url = reverse("admin:customers_customer_change", args=[anna.pk])
    first.goto(url)
    second.goto(url)

    first.locator("#id_city").fill("Hamburg")
    first.locator("#id_street").fill("Neuweg 2")
    first.locator(".field-tags .select2-selection").click()
    first.locator(".select2-results__option--highlighted", has_text=tag.name).wait_for()
    first.keyboard.press("Enter")
    first.locator("input[name=_continue]").click()
    first.locator(".messagelist .success").wait_for()
    picture(first, "saved")

    second.locator("#id_city").fill("Bremen")
    second.locator("#id_family_name").fill("Meier")
    second.locator("input[name=_continue]").click()
    second.get_by_role("alert").wait_for()
    picture(second, "conflict")
    assert second.locator("#id_city").input_value() == "Bremen"
    assert layout_troubles(second) == []
    assert dark_troubles(second) == []

    second.locator("#conflict-city").get_by_label("Trotzdem meinen speichern").check()
    second.locator("input[name=_continue]").click()
    second.locator(".messagelist .success").wait_for()
    anna.refresh_from_db()
    assert (anna.city, anna.street, anna.family_name) == ("Bremen", "Neuweg 2", "Meier")
    assert [it.name for it in Customer.objects.get(pk=anna.pk).tags.all()] == ["Stammkunde"]
    assert said == []
    for tab in (first, second):
        tab.context.close()
