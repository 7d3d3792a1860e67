from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import reasons
from accounts.admin.pages import PageAdmin
from accounts.models import Brand
from customers.actions import add_identity, remove_identity
from customers.identity import Identifier, InvalidIdentityError, identifier
from customers.models import Customer, Identity

if TYPE_CHECKING:
    from django.db.models import QuerySet

    IdentityModelForm = forms.ModelForm[Identity]
else:
    IdentityModelForm = forms.ModelForm

HOW_TO_WRITE = {
    "email": _("Write the e-mail address like name@example.de."),
    "phone": _("Write the phone number with its area code, for example +49 30 1234567."),
}


def spelled(kind: str, value: str, *, customer: Customer | None = None) -> str:
    """The one spelling of an identifier, or a ValidationError that tells how to write it."""
    country = ""
    if kind == "phone":
        country = customer.phone_country if customer else Brand.objects.home_country()
    try:
        return identifier(kind, value, country=country).value
    except InvalidIdentityError:
        hint = HOW_TO_WRITE.get(kind, _("Write up to 320 visible characters."))
        raise forms.ValidationError(hint, code="spelling") from None


class IdentityForm(IdentityModelForm):
    class Meta:
        model = Identity
        fields = ("customer", "kind", "value")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.instance.is_by_hand = True
        if cleaned.get("kind") and cleaned.get("value"):
            try:
                cleaned["value"] = spelled(cleaned["kind"], cleaned["value"], customer=cleaned.get("customer"))
            except forms.ValidationError as error:
                self.add_error("value", error)
        return cleaned


@admin.register(Identity)
class IdentityAdmin(PageAdmin):
    about = _("Every e-mail address, phone number and card that leads to a customer.")
    when_empty = _("Identities come with touchpoints, or are added on a customer’s page.")
    form = IdentityForm
    looks_back = 100_000
    list_display = ("value", "kind", "customer", "is_trusted", "created_at")
    list_filter = ("kind", "is_trusted")
    list_select_related = ("customer",)
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("value",)
    search_help_text = _("The beginning of an e-mail address, phone or card number.")
    autocomplete_fields = ("customer",)
    readonly_fields = ("is_trusted", "created_at")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Identity], bool]:
        return (queryset.beginning(search_term.strip()) if search_term.strip() else queryset), False

    def save_model(self, request: HttpRequest, obj: Identity, form: Any, change: bool) -> None:
        obj.pk = add_identity(customer=obj.customer, known_as=Identifier(obj.kind, obj.value)).pk

    def has_change_permission(self, request: HttpRequest, obj: Identity | None = None) -> bool:
        """An identity is never rewritten: another address is another identity."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Identity | None = None) -> bool:
        """What was typed wrongly may go, as long as no touchpoint came with it."""
        return obj is not None and obj.is_by_hand and super().has_delete_permission(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Refused with the reason, on the identity's page."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as refused:
            self.message_user(request, reasons(refused), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:customers_identity_change", args=[object_id]))

    def delete_model(self, request: HttpRequest, obj: Identity) -> None:
        remove_identity(identity=obj)
