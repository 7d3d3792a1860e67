from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.pages import AppendOnlyAdmin, PageAdmin
from customers.actions import draft_text, object_to, record_consent, suppress_address, withdraw
from customers.admin.identity import spelled
from customers.models import Consent, ConsentText, Suppression
from customers.models.consent import ConsentState, ContactChannel, LegalBasis

if TYPE_CHECKING:
    ConsentModelForm = forms.ModelForm[Consent]
    SuppressionModelForm = forms.ModelForm[Suppression]
else:
    ConsentModelForm = SuppressionModelForm = forms.ModelForm

CONDITIONS = ("is_from_sale", "is_for_similar_goods", "is_notice_given")


class ConsentForm(ConsentModelForm):
    class Meta:
        model = Consent
        fields = (
            "customer", "brand", "state", "purpose", "channel", "address", "basis", *CONDITIONS, "text",
            "language", "origin",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A withdrawal takes back one entry: the button on that entry's page.
        states = (ConsentState.GRANTED, ConsentState.OBJECTED)
        if "state" in self.fields:
            self.fields["state"].choices = [(state.value, state.label) for state in states]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("address") and cleaned.get("channel") in ("email", "phone"):
            try:
                cleaned["address"] = spelled(cleaned["channel"], cleaned["address"], customer=cleaned.get("customer"))
            except forms.ValidationError as error:
                self.add_error("address", error)
        if cleaned.get("state") == ConsentState.GRANTED:
            self._clean_grant(cleaned)
        elif cleaned.get("basis"):
            self.add_error("basis", _("An objection has no legal basis: leave it empty."))
        return cleaned

    def _clean_grant(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("address") and "address" not in self.errors:
            self.add_error("address", _("A consent is given for one address: name it."))
        if not cleaned.get("basis"):
            self.add_error("basis", _("Say why contacting is lawful."))
        if cleaned.get("basis") != LegalBasis.EXISTING_CUSTOMER:
            return
        if cleaned.get("channel") != ContactChannel.EMAIL:
            self.add_error("channel", _("§ 7 (3) UWG covers e-mail only."))
        for condition in CONDITIONS:
            if not cleaned.get(condition):
                self.add_error(condition, _("Without this § 7 (3) UWG does not apply."))


def take_back(request: HttpRequest, consent: Consent) -> str:
    user: Any = request.user
    withdraw(consent=consent, origin=gettext("administration"), by=user)
    return gettext("The consent is withdrawn: a new entry says so, and this one stays as proof.")


@admin.register(Consent)
class ConsentAdmin(AppendOnlyAdmin):
    about = _("The ledger of what people allowed and refused. Nothing in it is ever changed or deleted.")
    when_empty = _("Entries come from the checkout, the preference page, or are added here with their origin.")
    form = ConsentForm
    looks_back = 100_000
    list_display = ("__str__", "customer", "recorded_at", "address")
    list_filter = ("state", "purpose", "channel", "basis", "brand")
    list_select_related = ("customer",)
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("address__exact",)
    search_help_text = _("The whole address.")
    autocomplete_fields = ("customer", "text")
    readonly_fields = ("proof", "recorded_by", "recorded_at")
    buttons = (
        Button(
            name="withdrawal",
            label=_("Withdraw"),
            permission="customers.add_consent",
            press=take_back,
            is_offered=lambda consent: consent.state == ConsentState.GRANTED,
        ),
    )
    fieldsets = (
        (None, {"fields": ("customer", "brand", "state", "purpose", "channel", "address")}),
        (
            _("Legal basis"),
            {
                "fields": ("basis", *CONDITIONS, "text", "language"),
                "description": _("Only for granted. An existing customer needs all three conditions."),
            },
        ),
        (_("Proof"), {"fields": ("origin", "proof", "recorded_by", "recorded_at")}),
    )

    def save_model(self, request: HttpRequest, obj: Consent, form: Any, change: bool) -> None:
        user: Any = request.user
        shared: dict[str, Any] = {
            name: getattr(obj, name) for name in ("customer", "brand", "channel", "address", "origin")
        }
        if obj.state == ConsentState.GRANTED:
            granted = {name: getattr(obj, name) for name in ("purpose", "basis", "text", "language", *CONDITIONS)}
            obj.pk = record_consent(**shared, **granted, by=user).pk
        else:
            obj.pk = object_to(**shared, purposes=[obj.purpose], by=user)[0].pk


def begin_version(_request: HttpRequest, text: ConsentText) -> str:
    new = draft_text(text=text)
    return gettext("Version %(number)d can be edited until somebody agrees to it.") % {"number": new.version}


@admin.register(ConsentText)
class ConsentTextAdmin(PageAdmin):
    about = _("The wordings people were shown when they consented, version by version.")
    when_empty = _("Add the text of the checkbox or notice before you collect consents with it.")
    list_display = ("__str__", "wording", "created_at")
    list_filter = ("key",)
    search_fields = ("key", "text_de", "text_en")
    readonly_fields = ("created_at",)
    buttons = (
        Button(
            name="draft",
            label=_("New version"),
            permission="customers.add_consenttext",
            press=begin_version,
            leads_to=lambda text: ConsentText.objects.filter(key=text.key).latest("version"),
        ),
    )

    @admin.display(description=_("text"))
    def wording(self, text: ConsentText) -> str:
        return text.text

    def has_change_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        """Words that somebody agreed to stay as they were; a new wording is a new version."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_in_use)

    def has_delete_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_in_use)


class SuppressionForm(SuppressionModelForm):
    address = forms.EmailField(
        label=capfirst(_("e-mail address")),
        help_text=_("Kept only as a fingerprint: it cannot be read back from here."),
    )

    class Meta:
        model = Suppression
        fields = ("scope", "reason")

    def clean_address(self) -> str:
        return spelled("email", self.cleaned_data["address"])


@admin.register(Suppression)
class SuppressionAdmin(AppendOnlyAdmin):
    about = _("Addresses that are never written to, kept as fingerprints so that they survive erasure.")
    when_empty = _("Hard bounces, complaints and objections come here by themselves; an address can be added by hand.")
    list_display = ("__str__", "scope", "reason", "created_at")
    list_filter = ("scope",)
    looks_back = 100_000
    ordering = ("-id",)
    sortable_by = ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, **kwargs | ({} if obj else {"form": SuppressionForm}))

    def get_fields(self, request: HttpRequest, obj: Suppression | None = None) -> Any:
        return ("scope", "reason", "created_at") if obj else ("address", "scope", "reason")

    def save_model(self, request: HttpRequest, obj: Suppression, form: Any, change: bool) -> None:
        address = form.cleaned_data["address"]
        obj.pk = suppress_address(address=address, reason=obj.reason, scope=obj.scope).pk
