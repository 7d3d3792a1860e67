from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page as Tab

WIDTHS = (1280, 375)
AXE = AXE_SCRIPT
RUN_AXE = """async (options) => {
  const quick = {resultTypes: ["violations"], preload: false, iframes: false};
  const {violations} = await window.axe.run(document, {...quick, ...options});
  return violations.filter(it => ["serious", "critical"].includes(it.impact)).map(
    it => `${it.id}: ${it.help}: ${it.nodes.map(node => node.html.slice(0, 160)).slice(0, 3).join(" | ")}`
  );
}"""


def policy_troubles(policy: str) -> list[str]:
    is_strict = "script-src 'self';" in f"{policy};" and "style-src 'self';" in f"{policy};" and "unsafe" not in policy
    return [] if is_strict else [f"policy is not strict: {policy}"]


def layout_troubles(tab: Tab, *, with_colours: bool = True) -> list[str]:
    """At both widths: what scrolls sideways, and what axe finds serious or critical."""
    options = {} if with_colours else {"rules": {"color-contrast": {"enabled": False}}}
    found = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        too_wide = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found += [f"{width} px: scrolls sideways by {too_wide} px"] if too_wide > 0 else []
        found += [f"{width} px: {violation}" for violation in _violations(tab, options)]
    return found


def dark_troubles(tab: Tab) -> list[str]:
    tab.emulate_media(color_scheme="dark")
    found = [f"dark: {violation}" for violation in _violations(tab, {"runOnly": ["color-contrast"]})]
    tab.emulate_media(color_scheme="light")
    return found


def _violations(tab: Tab, options: dict[str, Any]) -> list[str]:
    found: list[str] = tab.evaluate(RUN_AXE, options)
    return found
