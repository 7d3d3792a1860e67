"""The checks find what they are for: every one of them sees a planted fault."""

import pytest
from playwright.sync_api import Browser

from accounts.models import Brand
from tests.pages.checks import AXE, dark_troubles, layout_troubles, policy_troubles
from tests.pages.pseudo import untranslated

GOOD = "<!doctype html><html lang=en><title>A</title><meta name=color-scheme content='light dark'><main>%s</main>"


@pytest.fixture
def troubles(browser: Browser):
    tab = browser.new_page()
    tab.add_init_script(AXE)

    def of(html: str, *, dark: bool = False) -> list[str]:
        tab.goto("about:blank")
        tab.set_content(GOOD % html)
        return dark_troubles(tab) if dark else layout_troubles(tab)

    yield of
    tab.close()


@pytest.mark.browser
def test_it_is_content_with_a_good_page(troubles) -> None:
    assert troubles("<h1>Hello</h1>") == []


@pytest.mark.browser
def test_it_sees_sideways_scrolling_at_the_narrow_width_only(troubles) -> None:
    assert troubles('<div style="inline-size: 500px">wide</div>') == ["375 px: scrolls sideways by 133 px"]


@pytest.mark.browser
@pytest.mark.parametrize("html", ["<img src='data:,'>", "<input>", "<p style='color: #999; background: #fff'>pale</p>"])
def test_it_sees_what_shuts_people_out(troubles, html: str) -> None:
    assert len(troubles(html)) == 2


@pytest.mark.browser
def test_it_sees_what_is_pale_in_the_dark(troubles) -> None:
    pale = "@media (prefers-color-scheme: dark) { p { color: #555; background: #222 } }"

    assert len(troubles(f"<style>{pale}</style><p>pale</p>", dark=True)) == 1


@pytest.mark.parametrize(
    ("policy", "is_strict"),
    [
        ("default-src 'none'; script-src 'self'; style-src 'self'", True),
        ("script-src 'self' 'unsafe-inline'; style-src 'self'", False),
        ("script-src 'self'; style-src 'self' 'unsafe-inline'", False),
        ("", False),
    ],
)
def test_it_sees_a_lax_policy(policy: str, is_strict: bool) -> None:
    assert (policy_troubles(policy) == []) is is_strict


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>⟦Hello⟧ 42 %</p>", []),
        ("<p>Hello</p>", ["Hello"]),
        ("<p>⟦Hello <b>dear</b> friend⟧</p>", []),
        ("<p>⟦Cut off</p><p>Hello</p>", ["Hello"]),
        ("<input placeholder='Search'>", ["Search"]),
        ("<button aria-label='⟦Close⟧'>×</button>", []),
        ("<input type=submit value=Save>", ["Save"]),
        ("<script>const text = 1</script><code translate=no title=code>code</code>", []),
        ("<td>Laden Nord (3)</td><td>Laden Süd</td>", ["Laden Süd"]),
    ],
)
def test_it_sees_untranslated_texts(db: None, html: str, found: list[str]) -> None:
    Brand.objects.get_or_create(name="Laden Nord")

    assert untranslated(html) == found
