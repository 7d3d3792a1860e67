"""The navigation: at most seven entries, and only those whose page the person may see."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User


@dataclass(frozen=True)
class Entry:
    view: str
    label: str | Promise
    icon: str
    permission: str = ""
    is_there: Callable[[], bool] = lambda: True

    def is_for(self, user: User | AnonymousUser) -> bool:
        return self.is_there() and (not self.permission or user.has_perm(self.permission))


@dataclass(frozen=True)
class Link:
    url: str
    label: str
    icon: str
    is_current: bool


def keeps_mails_here() -> bool:
    """Under `make run`: mails land in files instead of going out."""
    return (settings.VAR_DIR / "mailbox").is_dir()


# The first four stand in the bar at the bottom of a phone.
ENTRIES = (
    Entry("home", _("Start"), "house"),
    Entry("customers", pgettext_lazy("people", "Customers"), "users", permission="customers.view_customer"),
    Entry("cases", _("Cases"), "inbox", permission="touchpoints.view_case"),
    Entry("mailbox", _("Mailbox"), "mail", permission="touchpoints.view_message", is_there=keeps_mails_here),
    Entry("admin:index", _("Administration"), "settings"),
)


def links(request: HttpRequest) -> list[Link]:
    visible = [entry for entry in ENTRIES if entry.is_for(request.user)]
    urls = [reverse(entry.view) for entry in visible]
    # The start page is the beginning of every address, so it is current only by itself.
    within = [url for url in urls if request.path == url or (url != reverse("home") and request.path.startswith(url))]
    current = max(within, key=len, default="")
    return [
        Link(url=url, label=str(entry.label), icon=entry.icon, is_current=url == current)
        for entry, url in zip(visible, urls, strict=True)
    ]
