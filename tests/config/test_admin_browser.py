"""The administration in a real browser, under the strict policy: Django's own scripts do their work."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.roles import Role
from journeys.models import Journey, JourneyVersion
from tests.factories import make_brand, make_customer, make_user
from touchpoints.actions import seed_vocabulary
from touchpoints.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def staff(page: Page, live_server: LiveServer) -> Page:
    client = Client()
    client.force_login(make_user(Role.ADMINISTRATOR, language="de"))
    page.context.add_cookies([
        {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    ])  # fmt: skip
    return page


def test_a_case_is_opened_with_autocompletion_and_calendar(staff: Page) -> None:
    seed_vocabulary()
    brand, customer = make_brand(), make_customer(given_name="Zoë", family_name="Strauß")
    make_customer(family_name="Schmidt")
    staff.goto(reverse("admin:touchpoints_case_add"))

    staff.locator(".field-customer .select2-selection").click()
    staff.locator(".select2-search__field").fill("strauss")
    staff.locator(".select2-results__option--highlighted", has_text="Zoë Strauß").wait_for()
    staff.keyboard.press("Enter")
    staff.get_by_label("Titel").fill("Lieferung fehlt")
    staff.locator("#id_brand").select_option(str(brand.pk))
    staff.get_by_role("link", name="Heute").click()
    staff.get_by_role("link", name="Jetzt").click()
    staff.locator("input[name=_save]").click()

    staff.locator(".messagelist .success").wait_for()
    case = Case.objects.get()
    assert (case.customer, case.title) == (customer, "Lieferung fehlt")
    assert case.due_at is not None


def test_a_stage_is_added_to_a_draft_on_a_phone(staff: Page) -> None:
    version = JourneyVersion.objects.create(journey=Journey.objects.create(key="own", label_de="Eigener"))
    staff.set_viewport_size({"width": 375, "height": 800})
    staff.goto(reverse("admin:journeys_journeyversion_change", args=[version.pk]))

    staff.locator(".add-row a").click()
    row = "#id_stages-0-"
    staff.locator(f"{row}position").fill("1")
    staff.locator(f"{row}key").fill("kaufen")
    staff.locator(f"{row}label_de").fill("Kaufen")
    staff.locator(f"{row}phase").select_option("purchase")
    staff.locator("input[name=_save]").click()

    staff.locator(".messagelist .success").wait_for()
    assert version.stages.get().key == "kaufen"
