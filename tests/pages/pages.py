"""Every page that the checks in this folder visit. A new page is one line in PAGES."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from accounts.roles import Role


def nothing() -> Sequence[object]:
    return ()


@dataclass(frozen=True)
class Page:
    view: str
    """URL name, or a path that begins with a slash."""
    role: Role | None = Role.ADMINISTRATOR
    """Who visits it; None is somebody who is not signed in."""
    at: Callable[[], Sequence[object]] = nothing
    """Makes the rows the page needs, once, and returns the arguments of its URL."""
    query: str = ""
    status: int = 200
    note: str = ""
    """Tells two visits of one page apart, for example `empty`."""

    def __str__(self) -> str:
        return "-".join(part for part in (self.view.strip("/"), self.query, self.note) if part)

    def path(self) -> str:
        arguments = self.at()
        path = self.view if self.view.startswith("/") else reverse(self.view, args=arguments)
        return f"{path}?{self.query}" if self.query else path


PAGES = [
    Page("login", role=None),
    Page("/no/such/page/", role=None, status=404),
    Page("home", role=Role.ADMINISTRATOR, note="empty"),
    Page("home", role=Role.SERVICE_AGENT),
]
