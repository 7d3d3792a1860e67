from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.pages import PageAdmin
from touchpoints.actions.cases import open_case, reopen_case
from touchpoints.models import Case

TOLD = ("customer", "title", "kind", "description", "related_subject", "brand")
WORK = ("priority", "owner", "team", "due_at")


def reopen(request: HttpRequest, case: Case) -> str:
    user: Any = request.user
    reopen_case(case=case, by=user)
    return gettext("The case is open again.")


@admin.register(Case)
class CaseAdmin(PageAdmin):
    about = _("What colleagues must bring to an end: questions, complaints, visits, callbacks, follow-ups.")
    when_empty = _("Open the first case here, or in the app on a customer’s page.")
    list_display = ("number", "title", "customer", "kind", "state", "priority", "owner", "team", "due_at")
    list_filter = ("state", "priority", "kind", "team", "brand")
    list_select_related = ("customer", "owner", "team")
    search_fields = ("number", "title")
    autocomplete_fields = ("customer", "owner", "team")
    readonly_fields = ("number", "state", "root_cause", "resolution", "resolution_note", "created_at", "resolved_at")
    buttons = (
        Button(
            name="reopening",
            label=_("Reopen"),
            permission="touchpoints.change_case",
            press=reopen,
            is_offered=lambda case: not case.is_open,
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Case | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": TOLD}), (_("Work"), {"fields": WORK})]
        state = {
            "fields": ("state", "root_cause", "resolution", "resolution_note", "created_at", "resolved_at"),
            "description": _("A change of state is a touchpoint; cases are resolved in the app."),
        }
        return [(None, {"fields": ("number", *TOLD)}), (_("Work"), {"fields": WORK}), (_("State"), state)]

    def get_readonly_fields(self, request: HttpRequest, obj: Case | None = None) -> tuple[str, ...]:
        return ("brand", "customer", *self.readonly_fields) if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Case, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        user: Any = request.user
        opened = open_case(by=user, **{name: getattr(obj, name) for name in (*TOLD, *WORK)})
        obj.pk, obj.number = opened.pk, opened.number
