from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import issue_api_key, revoke_api_key
from accounts.admin.buttons import Button
from accounts.admin.pages import PageAdmin
from accounts.models import ApiKey, Scope

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    ApiKeyModelForm = forms.ModelForm[ApiKey]
else:
    ApiKeyModelForm = forms.ModelForm


class ApiKeyForm(ApiKeyModelForm):
    scopes = forms.MultipleChoiceField(
        label=capfirst(_("scopes")),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the key may do; give it as little as it needs."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "expires_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [scope for scope in Scope if scope != Scope.TOUCHPOINTS_WRITE or scope in self.instance.scopes]
        if "scopes" in self.fields:
            self.fields["scopes"].choices = [(scope.value, scope.label) for scope in offered]  # type: ignore[attr-defined]


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [("live", _("live")), ("ended", _("expired or revoked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
        live = ApiKey.objects.live(now=timezone.now())
        if self.value() == "live":
            return queryset.filter(pk__in=live)
        return queryset.exclude(pk__in=live) if self.value() == "ended" else queryset


def state_of(api_key: ApiKey) -> str:
    if api_key.revoked_at:
        return pgettext("key", "revoked")
    if api_key.expires_at and api_key.expires_at <= timezone.now():
        return pgettext("key", "expired")
    return pgettext("key", "live")


def moment(value: datetime | None) -> str:
    return localize(timezone.localtime(value)) if value else "–"


def revoke(_request: HttpRequest, api_key: ApiKey) -> str:
    revoke_api_key(api_key=api_key)
    return gettext("The key is revoked. Whoever still uses it is refused from now on.")


def show_new_key(request: HttpRequest, page: PageAdmin, row: Any, key: str, **more: Any) -> HttpResponse:
    """The only page that ever shows a key; nothing keeps it, not even the browser's history."""
    context = page.admin_site.each_context(request) | {
        "title": gettext("Your new API key"),
        "key": key,
        "object": row,
        "opts": page.opts,
        "next": page.address_of(row),
    }
    response = TemplateResponse(request, "admin/new_key.html", context | more)
    response["Cache-Control"] = "no-store"
    return response


@admin.register(ApiKey)
class ApiKeyAdmin(PageAdmin):
    about = _("Keys with which shops and other systems read from Kundenpfad. Keys that write belong to a source.")
    when_empty = _("Add a key for each system that reads customers, journeys, surveys or figures.")
    form = ApiKeyForm
    list_display = ("name", "prefix", "may", "state", "last_used_at", "expires_at", "created_by")
    list_filter = (StateFilter,)
    list_select_related = ("created_by",)
    search_fields = ("name", "prefix")
    readonly_fields = ("prefix", "state", "last_used_at", "created_by", "created_at", "revoked_at")
    buttons = (
        Button(
            name="revocation",
            label=_("Revoke"),
            permission="accounts.change_apikey",
            press=revoke,
            is_offered=lambda api_key: api_key.revoked_at is None,
            warning=_("Whoever uses this key is refused at once. This cannot be undone: a new key is needed."),
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("name", "scopes", "expires_at"), "description": _("The key is shown once.")})]
        rotation = _(
            "To change a key without a gap: add a second one, put it into the other system, wait until “last used” of "
            "this one stands still, then revoke it."
        )
        return [
            (None, {"fields": ("name", "scopes", "expires_at")}),
            (_("Use"), {"fields": ("prefix", "state", "last_used_at", "revoked_at"), "description": rotation}),
            (_("Origin"), {"fields": ("created_by", "created_at")}),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """A revoked key stays, so that it remains known who could read what until when."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        user: Any = request.user
        issued, obj.key = issue_api_key(
            name=obj.name,
            scopes=obj.scopes,
            created_by=user,
            expires_at=obj.expires_at,
        )
        obj.pk, obj.prefix = issued.pk, issued.prefix

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return show_new_key(request, self, obj, obj.key)

    @admin.display(description=_("may"))
    def may(self, api_key: ApiKey) -> str:
        return ", ".join(str(Scope(scope).label) for scope in api_key.scopes if scope in Scope)

    @admin.display(description=_("state"))
    def state(self, api_key: ApiKey) -> str:
        return state_of(api_key)
