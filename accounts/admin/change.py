from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import ReadOnlyAdmin
from accounts.history import history, told_by
from accounts.models import Change
from accounts.visible import visible

if TYPE_CHECKING:
    from django.db.models import QuerySet


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    about = _("Everything that was changed by whomever, as the database wrote it down. Nobody can alter it.")
    when_empty = _("Every change of a customer, case, survey, user … comes here by itself.")
    list_display = ("changed_at", "name", "what", "fields_changed")
    list_filter = ("kind",)
    list_select_related = ("user", "api_key")
    indexed_parameters = ("context", "user__id__exact")
    looks_back = 100_000
    ordering = ("-id",)
    sortable_by = ()
    fields = ("changed_at", "who", "told")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        return super().get_queryset(request).select_related("user", "api_key")

    @admin.display(description=_("who"))
    def who(self, change: Change) -> str:
        return visible(" ".join(filter(None, told_by(change))))

    @admin.display(description=_("who"))
    def name(self, change: Change) -> str:
        return visible(told_by(change)[0])

    @admin.display(description=_("what"))
    def what(self, change: Change) -> str:
        return visible(str(change))

    @admin.display(description=_("fields"))
    def fields_changed(self, change: Change) -> str:
        return ", ".join(map(change.label, change.columns))

    @admin.display(description=_("what was changed"))
    def told(self, change: Change) -> SafeString:
        (day,) = history([], [change]).days
        steps: Any = [step for act in day.acts for step in act.steps]
        shown = [SafeString(render_to_string("admin/_history_step.html", {"step": step})) for step in steps]
        return format_html('<div class="history">{}</div>', SafeString("".join(shown)))
