from collections.abc import Iterator
from contextlib import suppress
from functools import cache

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from playwright.sync_api import Browser, Response
from playwright.sync_api import Page as Tab
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.roles import Role
from tests.factories import make_user
from tests.pages.checks import AXE, dark_troubles, layout_troubles, policy_troubles
from tests.pages.pages import Page
from tests.pages.pseudo import pseudo_english, untranslated


class Visitor:
    """One role in one language: a signed-in tab that stays open from page to page."""

    def __init__(self, browser: Browser, url: str, *, role: Role | None, language: str) -> None:
        self.language = language
        self.said: list[str] = []
        context = browser.new_context(base_url=url, locale=language, reduced_motion="reduce")
        context.add_init_script(AXE)  # a script tag would break the policy that is under test
        if role:
            client = Client()
            client.force_login(_user(role, language))
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
        self.tab: Tab = context.new_page()
        self.tab.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.tab.on("pageerror", lambda error: self.said.append(f"exception: {error}"))

    def open(self, path: str) -> Response:
        self.said.clear()
        self.tab.set_viewport_size({"width": 1280, "height": 800})
        response = self.tab.goto(path)
        assert response is not None
        return response

    def troubles(self, path: str, *, status: int) -> list[str]:
        response = self.open(path)
        found = [] if response.status == status else [f"status {response.status}"]
        found += policy_troubles(response.headers.get("content-security-policy", ""))
        if self.tab.locator("html").get_attribute("lang") != self.language:
            found.append("the page says it is in another language")
        # Colours are the same in every language, and their check is the slowest by far.
        is_first = self.language == "de"
        found += layout_troubles(self.tab, with_colours=is_first)
        found += dark_troubles(self.tab) if is_first else []
        # A page that answers with an error status makes the browser say so itself.
        found += [text for text in self.said if status < 400 or "Failed to load resource" not in text]
        return [f"{self.language}: {trouble}" for trouble in found]


class Site:
    """The product on a port, on a database that keeps its rows until the module ends, so that pages share them."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.server = LiveServer("127.0.0.1")
        self.visitor = cache(self._visitor)
        self.path = cache(Page.path)

    def _visitor(self, role: Role | None, language: str) -> Visitor:
        return Visitor(self.browser, self.server.url, role=role, language=language)

    def troubles(self, page: Page) -> list[str]:
        path = self.path(page)
        visitors = [self.visitor(page.role, language) for language in ("de", "en")]
        return [trouble for visitor in visitors for trouble in visitor.troubles(path, status=page.status)]

    def untranslated(self, page: Page) -> list[str]:
        path = self.path(page)
        with pseudo_english():
            response = self.client(page.role).get(path)
        assert response.status_code == page.status
        return untranslated(response.content.decode())

    def client(self, role: Role | None) -> Client:
        client = Client(raise_request_exception=False, headers={"accept-language": "en"})
        if role:
            client.force_login(_user(role, "en"))
        return client

    def close(self) -> None:
        for context in self.browser.contexts:
            context.close()
        self.server.stop()


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Here rows stay until the module ends: pages share them, and no flush slows the next page down."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def site(browser: Browser, db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(browser)
    with override_settings(VAR_DIR=tmp_path_factory.mktemp("var")):
        yield site
    site.close()


def _user(role: Role, language: str) -> User:
    username = f"{role.value}_{language}"
    with suppress(User.DoesNotExist):
        return User.objects.get(username=username)
    return make_user(role, username=username, language=language, first_name="Alex", last_name=role.value)
