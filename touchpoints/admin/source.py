from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.admin.api_key import moment, show_new_key, state_of
from accounts.admin.pages import AppendOnlyAdmin, PageAdmin, ReadOnlyInline
from accounts.admin.widgets import SplitDateTime
from touchpoints.actions.write_keys import issue_write_key
from touchpoints.models import Source, WriteKey
from touchpoints.models.source import SourceKind
from touchpoints.segment.snippets import snippets

if TYPE_CHECKING:
    WriteKeyModelForm = forms.ModelForm[WriteKey]
else:
    WriteKeyModelForm = forms.ModelForm

WITH_KEYS = (SourceKind.SERVER, SourceKind.BROWSER)


class WriteKeyInline(ReadOnlyInline):
    model = WriteKey
    fields = ("api_key", "state", "last_used_at")
    readonly_fields = ("state", "last_used_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("api_key", "source")

    @admin.display(description=_("state"))
    def state(self, write_key: WriteKey) -> str:
        return state_of(write_key.api_key)

    @admin.display(description=_("last used at"))
    def last_used_at(self, write_key: WriteKey) -> str:
        return moment(write_key.api_key.last_used_at)


@admin.register(Source)
class SourceAdmin(PageAdmin):
    about = _("Where touchpoints come from: shops, apps, tills, files. Each has its own write key.")
    when_empty = _("Add your shop or app as a source, give it a write key, and put the key into that system.")
    inlines = (WriteKeyInline,)
    list_display = ("name", "key", "kind", "brand", "is_active", "events_per_second", "created_at")
    list_filter = ("kind", "is_active", "brand")
    list_select_related = ("brand",)
    search_fields = ("key", "name")
    readonly_fields = ("created_at",)
    fieldsets = (
        (None, {"fields": ("name", "key", "brand", "kind")}),
        (_("Operation"), {"fields": ("is_active", "events_per_second", "created_at")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        """Touchpoints are unique per source for ever, so it keeps its key and its kind."""
        return ("key", "kind", "created_at") if obj else ("created_at",)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        source = kwargs.get("obj")
        if source and source.kind in WITH_KEYS and request.user.has_perm("touchpoints.add_writekey"):
            context["new_key_for"] = source
        return super().render_change_form(request, context, *args, **kwargs)


class WriteKeyForm(WriteKeyModelForm):
    name = forms.CharField(
        label=capfirst(_("name")),
        max_length=120,
        help_text=_("Who uses it, for example “Shop Berlin”."),
    )
    expires_at = forms.SplitDateTimeField(
        label=capfirst(_("expires at")),
        required=False,
        widget=SplitDateTime,
        help_text=_("After this time the key is refused; empty is never."),
    )

    class Meta:
        model = WriteKey
        fields = ("source",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Source.objects.filter(kind__in=WITH_KEYS)  # type: ignore[attr-defined]


@admin.register(WriteKey)
class WriteKeyAdmin(AppendOnlyAdmin):
    about = _("The keys with which sources write; two may live at once while one is being replaced.")
    when_empty = _("Add a key for a source; it is shown once.")
    is_on_index = False
    list_display = ("source", "api_key", "state", "last_used_at", "expires_at")
    list_filter = ("source",)
    list_select_related = ("source", "api_key")
    search_fields = ("source__name", "api_key__name", "api_key__prefix")
    readonly_fields = ("api_key", "state", "last_used_at", "expires_at")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, **kwargs | ({} if obj else {"form": WriteKeyForm}))

    def get_fields(self, request: HttpRequest, obj: WriteKey | None = None) -> Any:
        return ("source", "api_key", "state", "last_used_at", "expires_at") if obj else ("source", "name", "expires_at")

    def get_readonly_fields(self, request: HttpRequest, obj: WriteKey | None = None) -> Any:
        return self.readonly_fields if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        user: Any = request.user
        issued, obj.text = issue_write_key(
            source=obj.source,
            name=form.cleaned_data["name"],
            expires_at=form.cleaned_data["expires_at"],
            created_by=user,
        )
        obj.pk, obj.api_key = issued.pk, issued.api_key

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        is_browser = obj.source.kind == SourceKind.BROWSER
        found = snippets(is_browser=is_browser, host=settings.SITE_URL, key=obj.text)
        return show_new_key(request, self, obj, obj.text, snippets=found)

    @admin.display(description=_("state"))
    def state(self, write_key: WriteKey) -> str:
        return state_of(write_key.api_key)

    @admin.display(description=_("last used at"))
    def last_used_at(self, write_key: WriteKey) -> str:
        return moment(write_key.api_key.last_used_at)

    @admin.display(description=_("expires at"))
    def expires_at(self, write_key: WriteKey) -> str:
        return moment(write_key.api_key.expires_at)
