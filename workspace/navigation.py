"""The navigation: at most seven entries, and only those whose page the person may see."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Entry:
    view: str
    label: str | Promise
    icon: str
    permission: str = ""
    is_for_demo: bool = False


@dataclass(frozen=True)
class Link:
    url: str
    label: str
    icon: str
    is_current: bool


# The first four stand in the bar at the bottom of a phone.
ENTRIES = (
    Entry("home", _("Start"), "house"),
    Entry("customers", pgettext_lazy("people", "Customers"), "users", permission="customers.view_customer"),
    Entry("cases", _("Cases"), "inbox", permission="touchpoints.view_case"),
    Entry("mailbox", _("Mailbox"), "mail", permission="touchpoints.view_message", is_for_demo=True),
    Entry("admin:index", _("Administration"), "settings"),
)


def links(request: HttpRequest) -> list[Link]:
    offered = [entry for entry in ENTRIES if settings.IS_DEMO or not entry.is_for_demo]
    visible = [entry for entry in offered if not entry.permission or request.user.has_perm(entry.permission)]
    urls = [reverse(entry.view) for entry in visible]
    # The start page is the beginning of every address, so it is current only by itself.
    within = [url for url in urls if request.path == url or (url != reverse("home") and request.path.startswith(url))]
    current = max(within, key=len, default="")
    return [
        Link(url=url, label=str(entry.label), icon=entry.icon, is_current=url == current)
        for entry, url in zip(visible, urls, strict=True)
    ]
