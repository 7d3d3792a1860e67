from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.admin.pages import OVERRIDES, Inline, PageAdmin


def is_draft(row: Any) -> bool:
    """Whether the version this row is, or belongs to, is still being written; None is a list or a new row."""
    if row is None:
        return True
    for step in ("stage", "version"):
        row = getattr(row, step, row)
    return bool(row.state == "draft")


class DraftAdmin(PageAdmin):
    """A version, or a part of one: edited while it is a draft, then only looked at."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and is_draft(obj)


class DraftInline(Inline):
    """Parts on the page of what they belong to."""

    extra = 0
    show_change_link = True
    formfield_overrides = OVERRIDES

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and is_draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and is_draft(obj)
