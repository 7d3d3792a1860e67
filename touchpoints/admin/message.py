from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.pages import ReadOnlyAdmin
from customers.actions.accesses import note_access
from customers.models import AccessKind
from touchpoints.actions import requeue_message
from touchpoints.models import MailHost, Message
from touchpoints.proof import BASES, proof_of


def send_again(_request: HttpRequest, message: Message) -> str:
    requeue_message(message=message)
    return gettext("It waits for the next sender, if it may still be sent.")


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    about = _("Every mail we send or hold back, with its legal basis or the reason against it.")
    when_empty = _("Mails come from campaigns and from the service; switch a campaign on to see the first.")
    looks_back = 100_000
    list_display = ("title_or_key", "customer", "kind", "state", "reason", "basis_told", "due_at", "sent_at")
    list_filter = ("state", "brand")
    list_select_related = ("customer",)
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("key__exact",)
    search_help_text = _("The whole key, for example invitation:77:first.")
    buttons = (
        Button(
            name="resend",
            label=_("Send again"),
            permission="touchpoints.change_message",
            press=send_again,
            is_offered=lambda message: Message.objects.ended_without_success().filter(pk=message.pk).exists(),
        ),
    )
    fieldsets = (
        (None, {"fields": ("title", "customer", "recipient", "language", "brand")}),
        (_("Sending"), {"fields": ("state", "reason", "due_at", "attempts", "sent_at", "lease_until", "data_at")}),
        (_("Lawful because"), {"fields": ("basis_told", "consent")}),
        (_("Text"), {"fields": ("text_as_sent",)}),
        (_("Record"), {"fields": ("kind", "key", "reference", "created_at")}),
    )

    def get_urls(self) -> list[URLPattern]:
        page = path("<int:pk>/proof/", self.admin_site.admin_view(self.proof), name="touchpoints_message_proof")
        return [page, *super().get_urls()]

    def proof(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To print, and to hand to whoever asks why this mail was sent."""
        message = get_object_or_404(self.get_queryset(request).select_related("brand", "customer"), pk=pk)
        if not (self.has_view_permission(request, message) and request.user.has_perm("customers.view_consent")):
            raise PermissionDenied
        if message.customer_id:
            note_access(kind=AccessKind.PAGE, by=request.user, customer=message.customer_id)
        context = {"message": message, "brand": message.brand, "proof": proof_of(message)}
        return render(request, "touchpoints/message_proof.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_see = request.user.has_perm("customers.view_consent")
        context = {"proof_of": object_id if may_see and object_id.isdecimal() else ""} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=_("mail"))
    def title_or_key(self, message: Message) -> str:
        return message.title or message.key

    @admin.display(description=_("legal basis"))
    def basis_told(self, message: Message) -> str:
        return str(BASES.get(message.basis, message.basis))

    @admin.display(description=_("text"))
    def text_as_sent(self, message: Message) -> str:
        return format_html('<pre translate="no">{}</pre>', message.text) if message.text else ""


@admin.register(MailHost)
class MailHostAdmin(ReadOnlyAdmin):
    about = _("The mail servers we send through, and what keeps them from taking our mails.")
    when_empty = _("A server comes here when the first sender looks for mails to send.")
    list_display = ("name", "failures", "retry_at", "error")
