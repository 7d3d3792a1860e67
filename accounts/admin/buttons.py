from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Button:
    """A change of state, or a page to look at, offered on the page of one object."""

    name: str  # the noun in its address
    label: StrOrPromise
    permission: str
    # Does it and returns the sentence to show; a ValidationError is shown as the reason why not.
    press: Callable[[HttpRequest, Any], StrOrPromise] = lambda _request, _row: ""
    # Instead of that: a page to look at.
    page: Callable[[HttpRequest, Any], HttpResponse] | None = None
    is_offered: Callable[[Any], bool] = lambda _row: True
    leads_to: Callable[[Any], Any] = lambda row: row  # whose page to show afterwards
    # Only where it cannot be undone: shown on a page of its own before it is done.
    warning: StrOrPromise = ""

    def may_be_pressed(self, request: HttpRequest, row: Any) -> bool:
        return request.user.has_perm(self.permission) and self.is_offered(row)


def reasons(error: ValidationError) -> str:
    return " ".join(error.messages)
