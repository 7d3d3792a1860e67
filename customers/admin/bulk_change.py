from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.buttons import Button
from accounts.admin.pages import ReadOnlyAdmin
from customers.actions import undo_bulk_change
from customers.models import BulkChange


def undo(request: HttpRequest, change: BulkChange) -> str:
    user: Any = request.user
    count = undo_bulk_change(change=change, by=user)
    told = ngettext("Undone for %(count)s person.", "Undone for %(count)s people.", count) % {"count": count}
    left = change.count - count
    if left:
        told += " " + ngettext(
            "%(count)s was changed again since and stays as it is.",
            "%(count)s were changed again since and stay as they are.",
            left,
        ) % {"count": left}
    return told


@admin.register(BulkChange)
class BulkChangeAdmin(ReadOnlyAdmin):
    about = _("What was done to many customers at once. Each can be undone, and takes back exactly what it changed.")
    when_empty = _("Choose people in the list of customers, then an action below it.")
    list_display = ("__str__", "created_by", "created_at", "undone_at")
    list_select_related = ("tag", "owner", "created_by")
    list_filter = ("kind",)
    fields = ("kind", "tag", "owner", "people", "created_by", "created_at", "undone_at", "undone_by")
    readonly_fields = ("people",)
    buttons = (
        Button(
            name="undoing",
            label=_("Undo this change"),
            permission="customers.change_bulkchange",
            press=undo,
            is_offered=lambda change: change.undone_at is None,
        ),
    )

    @admin.display(description=_("people"))
    def people(self, change: BulkChange) -> int:
        return change.count
