"""`make screenshots`: pictures of a running demo for README and docs, small enough to commit."""

import struct
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, sync_playwright

from accounts import demo
from tests.browser import FLAGS, NO_CHROMIUM, chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
HEIGHTS = {1280: 800, 375: 812}
INVITATION, OPT_IN = "tbody tr:has-text('Sterne') a", "tbody tr:has-text('bestätigen') a"
FIRST_ROW, SENT = "#result_list tbody tr:first-child a", "#result_list tr:has-text('Sterne') a"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Shot:
    name: str
    path: str
    login: str | None = "clara"
    language: str = "de"
    width: int = 1280
    is_dark: bool = False
    is_whole_page: bool = False
    clicks: tuple[str, ...] = ()
    """What to click on the way from `path`."""
    link_in_mail: str = ""
    """The link to follow in the mail that the way has led to."""


SHOTS = [
    Shot("login", "/login/", login=None),
    Shot("start", "/"),
    Shot("start-dark", "/", language="en", is_dark=True),
    Shot("customer", "/customers/1/", login="sophie"),
    Shot("customer-phone", "/customers/1/", login="sophie", width=375),
    Shot("order", "/customers/1/", login="sophie", clicks=("a[href^='/subjects/']",)),
    Shot("order-phone", "/customers/1/", login="sophie", width=375, clicks=("a[href^='/subjects/']",)),
    Shot("admin-orders", "/admin/touchpoints/order/?delivery=late"),
    Shot("mail", "/mailbox/", login="sophie", clicks=(INVITATION,)),
    Shot("answer", "/mailbox/", login="sophie", width=375, clicks=(INVITATION,), link_in_mail="score=4"),
    Shot("opt-in-phone", "/mailbox/", width=375, clicks=(OPT_IN,), link_in_mail="/consent/"),
    Shot("preferences-phone", "/mailbox/", width=375, clicks=(INVITATION,), link_in_mail="/preferences/"),
    Shot("consents", "/customers/1/", login="sophie", clicks=(".objection:last-of-type summary",)),
    Shot("proof", "/admin/touchpoints/message/", is_whole_page=True, clicks=(SENT, "a[href$='/proof/']")),
    Shot("admin-customers", "/admin/customers/customer/?q=mueller"),
    Shot("admin-customer", "/admin/customers/customer/1/change/"),
    Shot("history", "/admin/customers/customer/1/history/"),
    Shot("disclosure-phone", "/admin/customers/customer/1/disclosure/", width=375),
    Shot("imports", "/imports/"),
    Shot("record-of-processing", "/admin/customers/retentionrule/record/"),
    Shot("segment", "/admin/customers/segment/1/change/#rules"),
    Shot("segment-phone", "/admin/customers/segment/1/change/#rules", width=375),
    Shot("admin", "/admin/", login="admin"),
    Shot("suggestion", "/admin/customers/mergesuggestion/", clicks=(FIRST_ROW,)),
    Shot("api-docs", "/api/docs/", login=None, language="en", clicks=(".opblock-post .opblock-summary-control",)),
]


def main(url: str = "http://127.0.0.1:8000") -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path) or sys.exit(NO_CHROMIUM)
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for shot in SHOTS:
            picture = smaller(take(browser, shot, url=url))
            (FOLDER / f"{shot.name}.png").write_bytes(picture)
            print(f"{shot.name}.png  {len(picture) // 1024} kB")
        browser.close()


def take(browser: Browser, shot: Shot, *, url: str) -> bytes:
    scheme: Literal["dark", "light"] = "dark" if shot.is_dark else "light"
    context = browser.new_context(base_url=url, locale=shot.language, color_scheme=scheme, reduced_motion="reduce")
    tab = context.new_page()
    tab.set_default_timeout(120_000)
    if shot.login:
        tab.goto("/login/")
        tab.fill("[name=username]", shot.login)
        tab.fill("[name=password]", demo.PASSWORD)
        tab.press("[name=password]", "Enter")
        tab.wait_for_url(urljoin(url, "/"))
        _speak(tab, shot.language)
    tab.set_viewport_size({"width": shot.width, "height": HEIGHTS[shot.width]})
    tab.goto(shot.path, wait_until="networkidle")
    for selector in shot.clicks:
        tab.locator(selector).first.click()
        tab.wait_for_load_state("networkidle")
    if shot.link_in_mail:
        link = tab.frame_locator("iframe").locator(f"a[href*='{shot.link_in_mail}']").first
        tab.goto(link.get_attribute("href") or "", wait_until="networkidle")
    picture = tab.screenshot(full_page=shot.is_whole_page)
    if shot.login:  # the account remembers its language
        tab.set_viewport_size({"width": 1280, "height": HEIGHTS[1280]})
        tab.goto("/")
        _speak(tab, "de")
    context.close()
    return picture


def _speak(tab: Page, language: str) -> None:
    if tab.locator("html").get_attribute("lang") != language:
        tab.locator(f"button[name=language][value={language}]").first.click()
        tab.locator(f"html[lang={language}]").wait_for()


def smaller(png: bytes) -> bytes:
    """The same picture, its data packed as tightly as PNG can."""
    chunks = list(_chunks(png))
    data = zlib.compress(zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT")), 9)
    kept = [(kind, body) for kind, body in chunks if kind == b"IHDR"]
    return SIGNATURE + b"".join(_chunk(kind, body) for kind, body in [*kept, (b"IDAT", data), (b"IEND", b"")])


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(SIGNATURE)
    while position < len(png):
        (length,) = struct.unpack_from(">I", png, position)
        yield png[position + 4 : position + 8], png[position + 8 : position + 8 + length]
        position += length + 12


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


if __name__ == "__main__":
    main(*sys.argv[1:])
