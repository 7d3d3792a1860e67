from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import Inline, PageAdmin
from customers.models import Note

if TYPE_CHECKING:
    from django.db.models import QuerySet


@admin.register(Note)
class NoteAdmin(PageAdmin):
    about = _("What colleagues and systems wrote down about customers. Only who wrote a note changes it.")
    when_empty = _("Notes are written on a customer’s page.")
    looks_back = 100_000
    list_display = ("__str__", "customer", "written_by", "created_at", "edited_at")
    list_select_related = ("customer", "author", "api_key")
    list_filter = (("author", admin.RelatedOnlyFieldListFilter),)
    ordering = ("-id",)
    sortable_by = ()
    autocomplete_fields = ("customer",)
    fields = ("customer", "text", "written_by", "created_at", "edited_at")
    readonly_fields = ("written_by", "created_at", "edited_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Note | None = None) -> Any:
        return (*self.readonly_fields, "customer") if obj else self.readonly_fields

    def has_change_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        return super().has_change_permission(request, obj) and is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        return obj is not None and super().has_delete_permission(request, obj) and is_own(request, obj)

    def save_model(self, request: HttpRequest, obj: Note, form: Any, change: bool) -> None:
        if not change:
            obj.author = request.user  # type: ignore[assignment]
        elif form.changed_data:
            obj.edited_at = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.display(description=_("written by"))
    def written_by(self, note: Note) -> str:
        return note.written_by or "–"


class NoteInline(Inline):
    """On the customer's page: newest first, one's own are added; they are edited on their own page."""

    model = Note
    fields = ("text", "written_by", "created_at")
    readonly_fields = ("written_by", "created_at")
    ordering = ("-id",)
    extra = 0
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Note]:
        return super().get_queryset(request).select_related("author", "api_key")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("written by"))
    def written_by(self, note: Note) -> str:
        return note.written_by or "–"


def is_own(request: HttpRequest, note: Note | None) -> bool:
    return note is None or note.author_id == request.user.pk
