"""Every page of the administration at both widths in both languages; admin.py lists them."""

import pytest

from tests.pages.admin import admin_pages
from tests.pages.conftest import Site
from tests.pages.pages import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("admin pages")]
PAGES = list(admin_pages())


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_it_is_clean_at_both_widths_in_both_languages(site: Site, page: Page) -> None:
    assert site.troubles(page) == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_it_leaves_no_text_untranslated(site: Site, page: Page) -> None:
    assert site.untranslated(page) == []
