"""Swagger UI: from our own static files, silent under the strict policy, readable on a phone."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.pages.checks import AXE, layout_troubles, policy_troubles

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# How Swagger UI builds its parts is not ours to mend.
OF_SWAGGER = ("nested-interactive", "scrollable-region-focusable", "select-name")


def test_it_is_silent_and_readable_at_both_widths(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(base_url=live_server.url)
    context.add_init_script(AXE)
    tab, said, asked = context.new_page(), [], []
    tab.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    tab.on("pageerror", lambda error: said.append(f"exception: {error}"))
    tab.on("request", lambda request: asked.append(request.url))
    response = tab.goto("/api/docs/")
    assert response is not None
    assert policy_troubles(response.headers["content-security-policy"]) == []
    operation = tab.locator("#operations-touchpoints-touchpoint_batch_create")
    operation.locator(".opblock-summary-control").click(timeout=60_000)
    expect(operation.get_by_text("Idempotency-Key").first).to_be_visible()
    expect(operation.get_by_text("order-1001-placed").first).to_be_visible()
    troubles = [it for it in layout_troubles(tab) if not any(f"px: {rule}:" in it for rule in OF_SWAGGER)]
    context.close()
    assert troubles == []
    assert said == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
