from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.drafts import DraftAdmin, DraftInline
from journeys.models import ExpectedTouchpoint, Stage

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ExpectedTouchpointInline(DraftInline):
    model = ExpectedTouchpoint
    fields = ("role", "type", "channel", "conditions")
    autocomplete_fields = ("type",)


@admin.register(Stage)
class StageAdmin(DraftAdmin):
    about = _("The steps of the journeys, with all lanes of the map.")
    when_empty = _("Stages are added on the page of a journey version.")
    is_on_index = False
    inlines = (ExpectedTouchpointInline,)
    list_display = ("__str__", "version", "position", "phase", "designed_emotion", "evidence", "responsible")
    list_filter = ("version__state", "phase", "evidence")
    list_select_related = ("version__journey",)
    search_fields = ("key", "label_de", "label_en")
    autocomplete_fields = ("version",)
    fieldsets = (
        (None, {"fields": ("version", "position", "key", "label_de", "label_en", "phase")}),
        (
            _("Rules"),
            {
                "fields": ("is_optional", "is_repeatable", "is_subject_start"),
                "description": _("Below, say which touchpoint enters the stage, happens in it or leaves it."),
            },
        ),
        (_("The customer’s side"), {"fields": ("designed_emotion", "goal", "needs", "pains", "gains")}),
        (_("Our side"), {"fields": ("opportunities", "responsible", "backstage", "kpi", "evidence")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stage]:
        return super().get_queryset(request).select_related("version__journey")

    def get_readonly_fields(self, request: HttpRequest, obj: Stage | None = None) -> tuple[str, ...]:
        return ("version",) if obj else ()


@admin.register(ExpectedTouchpoint)
class ExpectedTouchpointAdmin(DraftAdmin):
    about = _("Which touchpoint enters a stage, happens in it or leaves it.")
    when_empty = _("Expected touchpoints are added on the page of a stage.")
    is_on_index = False
    list_display = ("type", "role", "channel", "stage", "version")
    list_filter = ("role", "stage__version__state", "channel")
    list_select_related = ("type", "channel", "stage__version__journey")
    search_fields = ("type__key", "type__label_de", "type__label_en", "stage__label_de", "stage__label_en")
    autocomplete_fields = ("stage", "type", "channel")

    @admin.display(description=_("version"))
    def version(self, expected: ExpectedTouchpoint) -> str:
        return str(expected.stage.version)
