from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.drafts import DraftAdmin, DraftInline, is_draft
from accounts.admin.pages import PageAdmin, ReadOnlyInline
from surveys.actions import draft_survey_version, publish_survey_version
from surveys.models import Question, Survey, SurveyVersion

if TYPE_CHECKING:
    from django.db.models import QuerySet


class VersionInline(ReadOnlyInline):
    model = SurveyVersion
    fields = ("number", "state", "published_at")
    readonly_fields = fields


def draft(_request: HttpRequest, survey: Survey) -> str:
    version = draft_survey_version(survey=survey)
    return gettext("The draft v%(number)s is ready to edit.") % {"number": version.number}


def publish(_request: HttpRequest, version: SurveyVersion) -> str:
    publish_survey_version(version=version)
    return gettext("Published. Invitations sent from now on ask these questions.")


@admin.register(Survey)
class SurveyAdmin(PageAdmin):
    about = _("What we ask; the questions live in versions, so that answers keep the questions they saw.")
    when_empty = _("Ready surveys come with the installation; or add your own, then make its first draft.")
    inlines = (VersionInline,)
    list_display = ("__str__", "key", "is_anonymous", "is_closed")
    list_filter = ("is_closed", "is_anonymous")
    search_fields = ("key", "label_de", "label_en")
    fieldsets = (
        (None, {"fields": ("key", "label_de", "label_en")}),
        (_("Introduction"), {"fields": ("intro_de", "intro_en")}),
        (_("Answering"), {"fields": ("is_anonymous", "is_closed")}),
    )
    buttons = (
        Button(
            name="draft",
            label=_("Draft a version"),
            permission="surveys.add_surveyversion",
            press=draft,
            leads_to=lambda survey: survey.versions.get(state="draft"),
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Survey | None = None) -> tuple[str, ...]:
        """What was promised to those who answered stays true: anonymous remains anonymous."""
        return ("key", "is_anonymous") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (
            obj and obj.versions.exclude(published_at=None).exists()
        )


class QuestionInline(DraftInline):
    model = Question
    fields = ("position", "key", "kind", "text_de", "text_en", "options", "is_required")
    ordering = ("position",)


@admin.register(SurveyVersion)
class SurveyVersionAdmin(DraftAdmin):
    about = _("The questions of a survey. A draft is edited, the published one is asked.")
    when_empty = _("Draft a version on the page of a survey.")
    inlines = (QuestionInline,)
    list_display = ("__str__", "state", "published_at")
    list_filter = ("state", "survey")
    list_select_related = ("survey",)
    search_fields = ("survey__key", "survey__label_de", "survey__label_en")
    fields = ("survey", "number", "state", "published_at")
    readonly_fields = fields
    buttons = (
        Button(
            name="publication",
            label=_("Publish"),
            permission="surveys.change_surveyversion",
            press=publish,
            is_offered=is_draft,
            warning=_(
                "The version in use is retired, and this one is asked from now on. A published version cannot be "
                "edited any more; changes then need a new draft."
            ),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SurveyVersion]:
        return super().get_queryset(request).select_related("survey")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A survey has one draft at a time: the button on its page makes or opens it."""
        return False


@admin.register(Question)
class QuestionAdmin(DraftAdmin):
    about = _("All questions of all versions.")
    when_empty = _("Questions are added on the page of a survey version.")
    is_on_index = False
    list_display = ("__str__", "kind", "version", "position", "is_required")
    list_filter = ("kind", "version__state", "version__survey")
    list_select_related = ("version__survey",)
    search_fields = ("key", "text_de", "text_en")
    autocomplete_fields = ("version",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).select_related("version__survey")

    def get_readonly_fields(self, request: HttpRequest, obj: Question | None = None) -> tuple[str, ...]:
        return ("version",) if obj else ()
