"""Every page at both widths in both languages; pages.py lists them."""

import pytest

from tests.pages.conftest import Site
from tests.pages.pages import PAGES, Page

# One browser, one server and one set of rows serve all: keep them on one worker.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_it_is_clean_at_both_widths_in_both_languages(site: Site, page: Page) -> None:
    assert site.troubles(page) == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_it_leaves_no_text_untranslated(site: Site, page: Page) -> None:
    assert site.untranslated(page) == []
