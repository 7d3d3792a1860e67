from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import PageAdmin
from accounts.visible import visible
from customers.models import Tag

if TYPE_CHECKING:
    from django.db.models import QuerySet


def drawn(tag: Tag) -> SafeString:
    return format_html('<span class="tag colour-{}">{}</span>', tag.colour or "none", visible(tag.name))


@admin.register(Tag)
class TagAdmin(PageAdmin):
    about = _("The words that staff and systems put on customers.")
    when_empty = _("Add the first tag here; then put it on one customer, or on many from their list.")
    list_display = ("__str__", "key", "look", "description")
    list_filter = ("colour",)
    search_fields = ("name",)
    search_help_text = _("The name, however it is spelled.")
    fields = ("name", "key", "colour", "description")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Tag], bool]:
        return (queryset.named_like(search_term) if search_term.strip() else queryset), False

    def get_readonly_fields(self, request: HttpRequest, obj: Tag | None = None) -> tuple[str, ...]:
        """Systems name the key."""
        return ("key",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Tag | None = None) -> dict[str, Any]:
        return {} if obj else {"key": ("name",)}

    @admin.display(description=_("look"))
    def look(self, tag: Tag) -> SafeString:
        return drawn(tag)
