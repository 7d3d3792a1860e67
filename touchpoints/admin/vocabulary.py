from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import PageAdmin
from touchpoints.models import Channel, TouchpointType


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


@admin.register(TouchpointType)
class TouchpointTypeAdmin(PageAdmin):
    about = _("What can happen, in both languages: the vocabulary of all touchpoints.")
    when_empty = _("The ready types come with the installation; unknown ones arrive as “new” from connected systems.")
    list_display = ("__str__", "key", "state", "phase", "channel", "default_valence", "is_logged_by_hand")
    list_filter = ("state", "phase", "channel", "is_logged_by_hand")
    list_select_related = ("channel",)
    search_fields = ("key", "label_de", "label_en", "aliases")
    fieldsets = (
        (None, {"fields": ("key", "state", "label_de", "label_en")}),
        (
            _("Meaning"),
            {
                "fields": ("phase", "channel", "default_valence"),
                "description": _("A new type is classified once it has a phase and is set to active."),
            },
        ),
        (_("Use"), {"fields": ("is_logged_by_hand", "aliases")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: TouchpointType | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()
