from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.pages import PageAdmin
from touchpoints.actions.vocabulary import change_type, undo_type_merge
from touchpoints.admin.new_types import MAY_CURATE, merging_page, new_types_page
from touchpoints.models import Channel, TouchpointType

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_COUNTED = 1001


@admin.register(Channel)
class ChannelAdmin(PageAdmin):
    about = _("By which ways customers and we meet: web, phone, store, post …")
    when_empty = _("The ready channels come with the installation; add your own beside them.")
    list_display = ("__str__", "key", "icon", "position")
    search_fields = ("key", "label_de", "label_en")
    fields = ("key", "label_de", "label_en", "icon", "position")

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> tuple[str, ...]:
        """Systems send the key: it stays."""
        return ("key",) if obj else ()


def part(_request: HttpRequest, type: TouchpointType) -> str:
    undo_type_merge(type=type)
    return gettext("It stands for itself again. What depends on it is computed again in the background.")


@admin.register(TouchpointType)
class TouchpointTypeAdmin(PageAdmin):
    about = _("What can happen, in both languages: the vocabulary of all touchpoints.")
    when_empty = _("The ready types come with the installation; unknown ones arrive as “new” from connected systems.")
    list_display = (
        "__str__",
        "key",
        "state",
        "phase",
        "channel",
        "default_valence",
        "arrivals",
        "last_seen",
        "merged_into",
    )
    list_filter = ("state", "phase", "channel", "is_logged_by_hand", ("merged_into", admin.EmptyFieldListFilter))
    search_fields = ("key", "label_de", "label_en", "aliases")
    fieldsets = (
        (None, {"fields": ("key", "state", "label_de", "label_en", "merged_into")}),
        (
            _("Meaning"),
            {
                "fields": ("phase", "channel", "default_valence"),
                "description": _("A new type is classified once it has a phase and is set to active."),
            },
        ),
        (_("Use"), {"fields": ("is_logged_by_hand", "aliases", "analysed_properties", "cost", "cost_currency")}),
        (_("So far"), {"fields": ("arrivals", "last_seen", "recomputed")}),
    )
    readonly_fields = ("merged_into", "arrivals", "last_seen", "recomputed")
    buttons = (
        Button(
            name="merging",
            label=_("Merge into another type"),
            permission=MAY_CURATE,
            page=merging_page,
            is_offered=lambda type: not type.is_merged,
        ),
        Button(
            name="parting",
            label=_("Take apart again"),
            permission=MAY_CURATE,
            press=part,
            is_offered=lambda type: type.is_merged,
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        page = path("new/", self.admin_site.admin_view(self.new_types), name="touchpoints_touchpointtype_new")
        return [page, *super().get_urls()]

    def new_types(self, request: HttpRequest) -> HttpResponse:
        return new_types_page(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TouchpointType]:
        return super().get_queryset(request).select_related("channel", "merged_into", "use")

    def get_readonly_fields(self, request: HttpRequest, obj: TouchpointType | None = None) -> tuple[str, ...]:
        return ("key", *self.readonly_fields) if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: TouchpointType, form: Any, change: bool) -> None:
        if change:
            change_type(type=obj)
        else:
            super().save_model(request, obj, form, change)

    def waiting_count(self) -> int:
        return TouchpointType.objects.waiting().order_by()[:MOST_COUNTED].count()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        waiting = {"waiting": self.waiting_count(), "may_curate": request.user.has_perm(MAY_CURATE)}
        return super().changelist_view(request, waiting | (extra_context or {}))

    @admin.display(description=_("arrived"), ordering="use__arrivals")
    def arrivals(self, type: TouchpointType) -> str:
        return number_format(type.use.arrivals, force_grouping=True) if hasattr(type, "use") else "–"

    @admin.display(description=_("last seen"), ordering="use__last_at")
    def last_seen(self, type: TouchpointType) -> str:
        if not hasattr(type, "use"):
            return "–"
        return date_format(timezone.localtime(type.use.last_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("computed again"))
    def recomputed(self, type: TouchpointType) -> str:
        """How far followers are with what the last change of its meaning changes."""
        under_way = type.rereadings.unfinished().order_by("id")
        told = [
            f"{it.follower} {floor(it.share * 100)} %{' – ' + it.last_error if it.last_error else ''}"
            for it in under_way
        ]
        return ", ".join(told) or gettext("everything is up to date")
