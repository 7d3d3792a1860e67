"""The navigation on a phone: a bar at the bottom, and a sheet with everything else that needs no script."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.roles import Role
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long password"


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer):
    """A phone with JavaScript switched off, signed in."""
    user = make_user(Role.SERVICE_AGENT, password=PASSWORD)
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 375, "height": 812}, java_script_enabled=False, locale="en-GB"
    )
    tab = context.new_page()
    tab.goto("/login/")
    tab.get_by_label("Username").fill(user.username)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    yield tab
    context.close()


def test_it_opens_the_menu_and_signs_out_without_a_script(phone: Page) -> None:
    expect(phone.get_by_role("button", name="Sign out")).to_be_hidden()

    phone.get_by_role("button", name="Menu").click()

    expect(phone.get_by_role("button", name="Sign out")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("button", name="Sign out")).to_be_hidden()
    phone.get_by_role("button", name="Menu").click()
    phone.get_by_role("button", name="Sign out").click()
    expect(phone).to_have_url("/login/")


def test_it_switches_the_language_without_a_script(phone: Page) -> None:
    phone.get_by_role("button", name="Menu").click()
    phone.get_by_role("button", name="DE").click()

    expect(phone.locator("html")).to_have_attribute("lang", "de")


def test_it_keeps_the_first_pages_under_the_thumb(phone: Page) -> None:
    phone.get_by_role("navigation", name="Short navigation").get_by_role("link", name="Cases").click()

    expect(phone).to_have_url("/cases/")
