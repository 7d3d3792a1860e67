import json

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import ReadOnlyAdmin
from accounts.visible import visible
from customers.models import ConsentRequest
from customers.models.consent import Purpose
from customers.models.consent_request import RequestState


@admin.register(ConsentRequest)
class ConsentRequestAdmin(ReadOnlyAdmin):
    about = _("Who was asked by mail to confirm a consent; what nobody confirms is removed after 30 days.")
    when_empty = _("Other systems ask over the API, colleagues on the page of a customer.")
    list_display = ("address", "customer", "asked_for", "state", "origin", "requested_at", "confirmed_at")
    list_select_related = ("customer",)
    list_filter = ("brand",)
    looks_back = 100_000
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("address__exact",)
    search_help_text = _("The whole address.")
    fields = (
        "address", "customer", "brand", "asked_for", "state", "text", "language", "origin", "proof_told",
        "requested_by", "requested_at", "queued_at", "confirmed_at",
    )  # fmt: skip
    readonly_fields = ("asked_for", "state", "proof_told")

    @admin.display(description=_("purposes"))
    def asked_for(self, request: ConsentRequest) -> str:
        return ", ".join(str(Purpose(purpose).label) for purpose in request.purposes)

    @admin.display(description=_("state"))
    def state(self, request: ConsentRequest) -> str:
        return str(RequestState(request.state_at(timezone.now())).label)

    @admin.display(description=_("proof"))
    def proof_told(self, request: ConsentRequest) -> str:
        """As it was sent: nobody translates it."""
        return format_html('<code translate="no">{}</code>', visible(json.dumps(request.proof, ensure_ascii=False)))
