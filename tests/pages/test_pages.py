"""Every page at both widths in both languages; pages.py lists them."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from tests.pages.checks import dark_troubles, layout_troubles, policy_troubles
from tests.pages.conftest import Site, Visitor
from tests.pages.pages import PAGES, Page
from tests.pages.pseudo import pseudo_english, untranslated

# One browser, one server and one set of rows serve all: keep them on one worker.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Here rows stay until the module ends: pages share them, and no flush slows the next page down."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_it_is_clean_at_both_widths_in_both_languages(site: Site, page: Page) -> None:
    path = site.path(page)
    found = [
        f"{language}: {trouble}"
        for language in ("de", "en")
        for trouble in _troubles(site.visitor(page.role, language), path, status=page.status)
    ]

    assert found == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_it_leaves_no_text_untranslated(site: Site, page: Page) -> None:
    path = site.path(page)
    with pseudo_english():
        response = site.client(page.role).get(path)

    assert response.status_code == page.status
    assert untranslated(response.content.decode()) == []


def _troubles(visitor: Visitor, path: str, *, status: int) -> list[str]:
    response = visitor.open(path)
    found = [] if response.status == status else [f"status {response.status}"]
    found += policy_troubles(response.headers.get("content-security-policy", ""))
    if visitor.tab.locator("html").get_attribute("lang") != visitor.language:
        found.append("the page says it is in another language")
    # Colours are the same in every language, and their check is the slowest by far.
    is_first = visitor.language == "de"
    found += layout_troubles(visitor.tab, with_colours=is_first)
    found += dark_troubles(visitor.tab) if is_first else []
    # A page that answers with an error status makes the browser say so itself.
    return found + [text for text in visitor.said if status < 400 or "Failed to load resource" not in text]
