from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import ReadOnlyAdmin, ReadOnlyInline
from journeys.models import Passage, Run

if TYPE_CHECKING:
    from django.db.models import QuerySet


class PassageInline(ReadOnlyInline):
    model = Passage
    fields = ("ordinal", "stage", "entered_at", "left_at", "touchpoint_count")
    ordering = ("ordinal",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Passage]:
        return super().get_queryset(request).select_related("stage")


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    about = _("Each customer’s way through a journey, worked out from the touchpoints.")
    when_empty = _("Runs appear once a journey is published and touchpoints arrive that enter one of its stages.")
    inlines = (PassageInline,)
    looks_back = 100_000
    list_display = (
        "customer",
        "version",
        "subject",
        "current_stage",
        "started_at",
        "last_at",
        "ended_at",
        "end_reason",
    )
    list_filter = ("version__journey", "version__state", "end_reason", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("customer", "version__journey", "current_stage")
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("subject__exact",)
    search_help_text = _("The whole subject, for example order:1001.")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Run], bool]:
        return (queryset.of_subject(search_term.strip()) if search_term.strip() else queryset), False


@admin.register(Passage)
class PassageAdmin(ReadOnlyAdmin):
    about = _("The time each run spent in each stage.")
    when_empty = _("Passages come with runs.")
    is_on_index = False
    looks_back = 100_000
    indexed_parameters = ("run__id__exact",)
    list_display = ("run", "ordinal", "stage", "entered_at", "left_at", "touchpoint_count")
    list_filter = ("stage__phase", ("left_at", admin.EmptyFieldListFilter))
    list_select_related = ("run__version__journey", "run__customer", "stage")
    ordering = ("-id",)
    sortable_by = ()
