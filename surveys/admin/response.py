from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import ReadOnlyAdmin, ReadOnlyInline
from surveys.models import Answer, Response

if TYPE_CHECKING:
    from django.db.models import QuerySet


class AnswerInline(ReadOnlyInline):
    model = Answer
    fields = ("question", "score", "choices", "text")
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).select_related("question")


@admin.register(Response)
class ResponseAdmin(ReadOnlyAdmin):
    about = _("What people sent back.")
    when_empty = _("Responses come from the links in invitations.")
    inlines = (AnswerInline,)
    looks_back = 100_000
    list_display = ("__str__", "customer", "language", "started_at", "finished_at")
    list_filter = ("version__survey", "language", ("finished_at", admin.EmptyFieldListFilter))
    list_select_related = ("version__survey", "customer")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    about = _("Every answer to every question.")
    when_empty = _("Answers come with responses.")
    is_on_index = False
    looks_back = 100_000
    indexed_parameters = ("response__id__exact", "question__id__exact")
    list_display = ("question", "score", "choices", "text", "response")
    list_filter = ("question__kind", "question__version__survey")
    list_select_related = ("question", "response__version__survey")
    ordering = ("-id",)
    sortable_by = ()
