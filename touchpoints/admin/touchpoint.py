from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import ReadOnlyAdmin
from accounts.money import money_text
from touchpoints.models import Source, Touchpoint

if TYPE_CHECKING:
    from django.db.models import QuerySet


def as_text(value: Any) -> str:
    """JSON to read, indented; the page makes unseen characters visible."""
    return format_html('<pre translate="no">{}</pre>', json.dumps(value, ensure_ascii=False, indent=2)) if value else ""


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
        return "" if touchpoint.value is None else money_text(touchpoint.value, touchpoint.currency)

    @admin.display(description=_("properties"))
    def properties_text(self, touchpoint: Touchpoint) -> str:
        return as_text(touchpoint.properties)
