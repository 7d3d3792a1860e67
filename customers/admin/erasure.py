from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.pages import ReadOnlyAdmin
from customers.actions import request_erasure
from customers.actions.erasing import finish_erasure
from customers.models import ConsentProof, Customer, Erasure
from customers.suppression import address_hmac


def erase(request: HttpRequest, customer: Customer) -> str:
    user: Any = request.user
    finish_erasure(erasure=request_erasure(customer=customer, by=user))
    return gettext("The person is erased. Nothing here tells of them any more.")


def _erasure_of(customer: Customer) -> Erasure:
    return Erasure.objects.filter(records__contains=[customer.pk]).latest("id")


ERASURE = Button(
    name="erasure",
    label=_("Erase this person (Art. 17)"),
    permission="customers.erase_customer",
    press=erase,
    leads_to=_erasure_of,
    warning=_(
        "Everything about this person is deleted: contacts, orders, cases, answers, mails, notes, also in files and in "
        "the history. What stays is a keyed fingerprint of the addresses, so that nobody writes to them again, and the "
        "proof of consents under it. This cannot be undone. Whoever asks for a disclosure gets it before."
    ),
)


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    about = _("Who was forgotten and when; an erasure that was interrupted goes on by itself.")
    when_empty = _("Nobody was erased yet. The page of a customer offers it.")
    list_display = ("__str__", "reason", "requested_by", "requested_at", "erased_at")
    list_filter = ("reason", ("erased_at", admin.EmptyFieldListFilter))
    list_select_related = ("requested_by",)
    sortable_by = ()
    fields = ("reason", "requested_by", "requested_at", "erased_at", "deleted_rows")

    @admin.display(description=_("deleted rows"))
    def deleted_rows(self, erasure: Erasure) -> str:
        return ", ".join(f"{name.rpartition('.')[2]}: {count}" for name, count in sorted(erasure.counts.items()))


@admin.register(ConsentProof)
class ConsentProofAdmin(ReadOnlyAdmin):
    about = _("That contacting somebody was lawful who was erased since; found only by typing the address.")
    when_empty = _("Type the whole e-mail address or phone number into the search.")
    search_fields = ("origin",)  # a search field is shown; what is searched for stands below
    search_help_text = _("The whole address, for example anna@example.org.")
    list_display = ("recorded_at", "brand", "purpose", "channel", "state", "basis", "text", "origin", "erased_at")
    list_select_related = ("brand", "text")
    sortable_by = ()
    fields = ("brand", "purpose", "channel", "state", "basis", "text", "origin", "recorded_at", "erased_at")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ConsentProof], search_term: str
    ) -> tuple[QuerySet[ConsentProof], bool]:
        if not search_term.strip():
            return queryset.none(), False
        return queryset.filter(address_hmac=address_hmac(search_term)), False
