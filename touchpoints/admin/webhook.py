from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.pages import PageAdmin, ReadOnlyAdmin
from touchpoints.actions.webhooks import (
    activate_webhook,
    deactivate_webhook,
    resend_delivery,
    rotate_secret,
    send_test,
)
from touchpoints.models import Webhook, WebhookDelivery
from touchpoints.models.webhook import DeliveryState, told
from touchpoints.webhooks.envelope import shown_secret

MAY_CHANGE = "touchpoints.change_webhook"


def activate(_request: HttpRequest, webhook: Webhook) -> str:
    activate_webhook(webhook=webhook)
    return gettext("It is on: what happens from now on is told, what happened before is not.")


def deactivate(_request: HttpRequest, webhook: Webhook) -> str:
    deactivate_webhook(webhook=webhook)
    return gettext("It is off. What waits goes on waiting; what happens meanwhile is not told.")


def rotate(_request: HttpRequest, webhook: Webhook) -> str:
    rotate_secret(webhook=webhook)
    return gettext("There is a new secret; for 24 hours the old one signs as well. Give the new one to the receiver.")


def test(_request: HttpRequest, webhook: Webhook) -> str:
    send_test(webhook=webhook)
    return gettext("A test call goes out within seconds; see its deliveries for the answer.")


def show_secret(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    page = admin.site._registry[Webhook]
    context = admin.site.each_context(request) | {
        "title": gettext("Secret"),
        "secret": shown_secret(webhook),
        "object": webhook,
        "opts": page.opts,
        "next": reverse("admin:touchpoints_webhook_change", args=[webhook.pk]),
    }
    response = TemplateResponse(request, "admin/touchpoints/webhook/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


@admin.register(Webhook)
class WebhookAdmin(PageAdmin):
    about = _("Other systems that are told what happens, by signed calls over HTTPS.")
    when_empty = _(
        "Add a webhook: an address, what it is told of. Then give its secret to the receiver and switch it on."
    )
    list_display = ("name", "url", "is_on", "waiting", "trouble", "brand")
    list_filter = (("activated_at", admin.EmptyFieldListFilter), "brand")
    list_select_related = ("brand",)
    search_fields = ("name", "url")
    autocomplete_fields = ("types",)
    readonly_fields = ("activated_at", "disabled_reason", "trouble", "retry_at", "both_until")
    buttons = (
        Button(
            name="activation",
            label=_("Switch on"),
            permission=MAY_CHANGE,
            press=activate,
            is_offered=lambda webhook: not webhook.is_active,
        ),
        Button(
            name="deactivation",
            label=_("Switch off"),
            permission=MAY_CHANGE,
            press=deactivate,
            is_offered=lambda webhook: webhook.is_active,
        ),
        Button(
            name="test",
            label=_("Send a test call"),
            permission=MAY_CHANGE,
            press=test,
            is_offered=lambda webhook: webhook.is_active,
        ),
        Button(name="secret", label=_("Show the secret"), permission=MAY_CHANGE, page=show_secret),
        Button(name="rotation", label=_("Change the secret"), permission=MAY_CHANGE, press=rotate),
    )
    fieldsets = (
        (None, {"fields": ("name", "url", "brand")}),
        (_("What it is told of"), {"fields": ("types", "tells_case_changes")}),
        (_("Operation"), {"fields": ("activated_at", "disabled_reason", "trouble", "retry_at", "both_until")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        unfinished = Q(deliveries__state__in=[DeliveryState.WAITING, DeliveryState.CALLING])
        rows: QuerySet[Webhook] = super().get_queryset(request)
        return rows.annotate(waiting=Count("deliveries", filter=unfinished))

    @admin.display(boolean=True, description=_("on"))
    def is_on(self, webhook: Webhook) -> bool:
        return webhook.is_active

    @admin.display(description=_("waiting"))
    def waiting(self, webhook: Any) -> str:
        address = reverse("admin:touchpoints_webhookdelivery_changelist")
        return format_html('<a href="{}?webhook__id__exact={}">{}</a>', address, webhook.pk, webhook.waiting)

    @admin.display(description=_("last trouble"), empty_value="–")
    def trouble(self, webhook: Webhook) -> str:
        return webhook.get_disabled_reason_display() or told(webhook.error) or "–"


def send_again(_request: HttpRequest, delivery: WebhookDelivery) -> str:
    resend_delivery(delivery=delivery)
    return gettext("It goes out once more within seconds, under the same ID.")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    about = _("What each webhook was told, how often we called, and what it answered.")
    when_empty = _("Deliveries come when a webhook is on and something happens that it is told of.")
    looks_back = 100_000
    indexed_parameters = ("q", "webhook__id__exact")
    list_display = ("created_at", "webhook", "type", "state", "answer", "calls")
    list_filter = ("state", "webhook")
    list_select_related = ("webhook",)
    sortable_by = ()
    search_fields = ("=id",)
    search_help_text = _("The number of an ID, for example 77 of msg_77.")
    fields = (
        "webhook", "key", "type", "touchpoint", "person", "state", "calls", "answer", "due_at", "delivered_at",
        "created_at",
    )  # fmt: skip
    actions = ("resend",)  # type: ignore[assignment]
    buttons = (
        Button(
            name="resend",
            label=_("Send again"),
            permission=MAY_CHANGE,
            press=send_again,
            is_offered=lambda delivery: delivery.state != DeliveryState.CALLING,
        ),
    )

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_CHANGE)

    @admin.action(description=_("Send the selected ones again"), permissions=["resend"])
    def resend(self, request: HttpRequest, chosen: QuerySet[WebhookDelivery]) -> None:
        ended = chosen.exclude(state=DeliveryState.CALLING).order_by("id")
        for delivery in ended:
            resend_delivery(delivery=delivery)
        self.message_user(request, gettext("They go out once more within seconds, under the same IDs."))

    @admin.display(description=_("ID"))
    def key(self, delivery: WebhookDelivery) -> str:
        return format_html('<code translate="no">{}</code>', delivery.key)

    @admin.display(description=_("answer"))
    def answer(self, delivery: WebhookDelivery) -> str:
        status = f"HTTP {delivery.status}" if delivery.status else ""
        return " ".join(part for part in (status, told(delivery.error)) if part) or "–"
