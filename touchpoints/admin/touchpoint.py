from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import ReadOnlyAdmin
from touchpoints.models import Source, Subject, Touchpoint

if TYPE_CHECKING:
    from django.db.models import QuerySet


def as_text(value: Any) -> str:
    """JSON to read, indented; the page makes unseen characters visible."""
    return format_html('<pre translate="no">{}</pre>', json.dumps(value, ensure_ascii=False, indent=2)) if value else ""


def money(row: Touchpoint | Subject) -> str:
    return "" if row.value is None else f"{row.value.normalize():f} {row.currency}"


@admin.register(Touchpoint)
class TouchpointAdmin(ReadOnlyAdmin):
    about = _("Everything that happened between customers and us, newest first. Never changed, only corrected.")
    when_empty = _("Touchpoints come from sources: add one with a write key, then send a first event.")
    looks_back = 100_000
    list_display = ("occurred_at", "type", "customer", "channel", "subject", "amount", "valence", "actor", "source")
    list_filter = ("channel", "source", "actor", "type__phase")
    list_select_related = ("type", "customer", "channel", "source")
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("message_id",)
    search_help_text = _("A subject such as order:1001, or a whole message ID.")
    fieldsets = (
        (None, {"fields": ("type", "customer", "occurred_at", "channel", "subject", "amount", "valence", "actor")}),
        (_("Where from"), {"fields": ("acquisition_channel", "campaign", "referrer", "place", "session_id")}),
        (_("Everything else"), {"fields": ("properties_text",)}),
        (_("Arrival"), {"fields": ("source", "message_id", "replaces", "received_at")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Touchpoint], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        # All sources are named so that the unique index (source, message_id) answers.
        by_id = Q(message_id=term, source_id__in=list(Source.objects.values_list("pk", flat=True)))
        return queryset.filter(Q(subject=term) | by_id), False

    @admin.display(description=_("value"))
    def amount(self, touchpoint: Touchpoint) -> str:
        return money(touchpoint)

    @admin.display(description=_("properties"))
    def properties_text(self, touchpoint: Touchpoint) -> str:
        return as_text(touchpoint.properties)


@admin.register(Subject)
class SubjectAdmin(ReadOnlyAdmin):
    about = _("Orders, cases and subscriptions, worked out from their touchpoints.")
    when_empty = _("A subject appears with its first touchpoint, for example order_placed with the subject order:1001.")
    looks_back = 100_000
    indexed_parameters = ("q",)
    list_display = ("__str__", "customer", "state_in_words", "is_open", "amount", "began_at", "changed_at", "brand")
    list_filter = ("kind", "is_open", "brand")
    list_select_related = ("customer", "brand")
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("key",)
    search_help_text = _("The whole number, for example 1001.")
    fieldsets = (
        (None, {"fields": ("kind", "key", "customer", "brand", "state_in_words", "is_open", "amount")}),
        (_("Dates"), {"fields": ("began_at", "changed_at", "ended_at")}),
        (_("Contents"), {"fields": ("lines_text",)}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Subject], bool]:
        kind, _colon, key = search_term.strip().rpartition(":")
        return (queryset.keyed(kind, key) if key else queryset), False

    @admin.display(description=_("value"))
    def amount(self, subject: Subject) -> str:
        return money(subject)

    @admin.display(description=_("state"))
    def state_in_words(self, subject: Subject) -> str:
        return subject.state_label

    @admin.display(description=_("lines"))
    def lines_text(self, subject: Subject) -> str:
        return as_text(subject.lines)
