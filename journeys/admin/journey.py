from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.drafts import DraftAdmin, DraftInline, is_draft
from accounts.admin.pages import PageAdmin, ReadOnlyInline
from journeys.actions import draft_version, publish_version
from journeys.models import Journey, JourneyVersion, Persona, Stage

if TYPE_CHECKING:
    from django.db.models import QuerySet


class VersionInline(ReadOnlyInline):
    model = JourneyVersion
    fields = ("number", "state", "published_at", "published_by")
    readonly_fields = fields


def draft(_request: HttpRequest, journey: Journey) -> str:
    version = draft_version(journey=journey)
    return gettext("The draft v%(number)s is ready to edit.") % {"number": version.number}


@admin.register(Journey)
class JourneyAdmin(PageAdmin):
    about = _("The paths customers should take; their stages live in versions.")
    when_empty = _("Ready journeys come with the installation; or add your own, then its first version.")
    inlines = (VersionInline,)
    list_display = ("__str__", "key", "subject_kind", "is_archived")
    list_filter = ("is_archived", "subject_kind", "personas")
    search_fields = ("key", "label_de", "label_en")
    autocomplete_fields = ("personas",)
    buttons = (
        Button(
            name="draft",
            label=_("Draft a version"),
            permission="journeys.add_journeyversion",
            press=draft,
            leads_to=lambda journey: journey.versions.get(state="draft"),
        ),
    )
    fieldsets = (
        (None, {"fields": ("key", "label_de", "label_en", "subject_kind")}),
        (_("Description"), {"fields": ("description_de", "description_en", "personas")}),
        (_("Visibility"), {"fields": ("is_archived",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Journey | None = None) -> tuple[str, ...]:
        """Systems name the key, and the runs of all versions are counted per subject kind."""
        return ("key", "subject_kind") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Journey | None = None) -> bool:
        """A journey that was ever published is archived: its runs are history."""
        return super().has_delete_permission(request, obj) and not (
            obj and obj.versions.exclude(published_at=None).exists()
        )


@admin.register(Persona)
class PersonaAdmin(PageAdmin):
    about = _("Made-up people who stand for groups of customers.")
    when_empty = _("Add the three or four people your journeys are made for.")
    list_display = ("__str__", "key", "need")
    search_fields = ("key", "label_de", "label_en")
    fields = ("key", "label_de", "label_en", "need", "expectation")


class StageInline(DraftInline):
    model = Stage
    fields = ("position", "key", "label_de", "label_en", "phase", "designed_emotion", "is_optional", "is_repeatable")
    ordering = ("position",)


def publish(request: HttpRequest, version: JourneyVersion) -> str:
    user: Any = request.user
    publish_version(version=version, by=user)
    return gettext("Published. Customers’ stages are being worked out anew in the background.")


@admin.register(JourneyVersion)
class JourneyVersionAdmin(DraftAdmin):
    about = _("What a journey looks like: stages, end rule. A draft is edited, the published one is matched.")
    when_empty = _("Draft a version on the page of a journey, give it stages, then publish it.")
    inlines = (StageInline,)
    list_display = ("__str__", "state", "inactivity_days", "published_at", "published_by")
    list_filter = ("state", "journey")
    list_select_related = ("journey", "published_by")
    search_fields = ("journey__key", "journey__label_de", "journey__label_en")
    autocomplete_fields = ("end_types",)
    readonly_fields = ("journey", "number", "state", "published_at", "published_by", "runs_computed")
    fieldsets = (
        (None, {"fields": ("journey", "number")}),
        (_("End of a run"), {"fields": ("end_types", "inactivity_days")}),
        (_("State"), {"fields": ("state", "published_at", "published_by", "runs_computed")}),
    )
    buttons = (
        Button(
            name="publication",
            label=_("Publish"),
            permission="journeys.change_journeyversion",
            press=publish,
            is_offered=is_draft,
            warning=_(
                "The version in use is retired and every customer’s stage is worked out by this one. A published "
                "version cannot be edited any more; changes then need a new draft."
            ),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[JourneyVersion]:
        return super().get_queryset(request).select_related("journey")

    @admin.display(boolean=True, description=_("runs computed"))
    def runs_computed(self, version: JourneyVersion) -> bool:
        return version.published_at is not None and version.matched_until_id is None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A journey has one draft at a time: the button on its page makes or opens it."""
        return False
