"""Tabs of staff who are signed in, and pictures of them for whoever wants to look (PICTURES=folder)."""

import os
from pathlib import Path

from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.roles import Role
from tests.factories import make_user
from tests.pages.checks import AXE


def signed_in(browser: Browser, live_server: LiveServer, name: str, said: list[str]) -> Page:
    client = Client()
    client.force_login(make_user(Role.CUSTOMER_SUCCESS, first_name=name, last_name="Sommer", language="de"))
    context = browser.new_context(base_url=live_server.url, locale="de-DE", reduced_motion="reduce")
    context.add_init_script(AXE)
    context.add_cookies([
        {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    ])  # fmt: skip
    tab = context.new_page()
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    return tab


def picture(tab: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        for width in (1280, 375):
            tab.set_viewport_size({"width": width, "height": 800})
            tab.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        tab.set_viewport_size({"width": 1280, "height": 800})
