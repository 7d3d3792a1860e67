from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import ReadOnlyAdmin
from accounts.money import money_text
from touchpoints.models import Order, Subject, Subscription
from touchpoints.models.subject import STATE_LABELS, SubjectKind
from touchpoints.subject_page import delivery, page_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from touchpoints.querysets import SubjectQuerySet


class StateFilter(admin.SimpleListFilter):
    """The states of one kind."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [(state, str(label)) for state, label in STATE_LABELS[model_admin.kind].items()]

    def queryset(self, request: HttpRequest, queryset: SubjectQuerySet) -> SubjectQuerySet:  # type: ignore[override]
        return queryset.filter(state=self.value()) if self.value() else queryset


class DeliveryFilter(admin.SimpleListFilter):
    title = _("delivery")
    parameter_name = "delivery"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [
            ("late", _("later than promised")),
            ("overdue", _("promised and not there yet")),
            ("in_time", _("in time")),
        ]

    def queryset(self, request: HttpRequest, queryset: SubjectQuerySet) -> SubjectQuerySet:  # type: ignore[override]
        if self.value() == "overdue":
            return queryset.overdue(now=timezone.now())
        if self.value() == "late":
            return queryset.late()
        return queryset.in_time() if self.value() == "in_time" else queryset


@admin.register(Subject)
class SubjectAdmin(ReadOnlyAdmin):
    about = _("Orders, cases and subscriptions, worked out from their touchpoints.")
    when_empty = _("A subject appears with its first touchpoint, for example order_placed with the subject order:1001.")
    looks_back = 100_000
    indexed_parameters = ("q",)
    kind: ClassVar[str] = ""
    list_display: Any = (
        "__str__",
        "customer",
        "state_in_words",
        "is_open",
        "amount",
        "began_at",
        "changed_at",
        "brand",
    )
    list_filter: ClassVar[Any] = ("kind", "is_open", "brand")
    list_select_related = ("customer", "brand")
    ordering = ("-id",)
    sortable_by = ()
    search_fields = ("key",)
    search_help_text = _("The whole number, for example 1001.")
    fields = ("key",)
    change_form_template = "admin/touchpoints/subject/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subject]:
        found = super().get_queryset(request)
        return found.filter(kind=self.kind) if self.kind else found

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Subject], bool]:
        kind, _colon, key = search_term.strip().rpartition(":")
        return (queryset.keyed(self.kind or kind, key) if key else queryset), False

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        told = page_of(obj, now=timezone.now()) | {
            "customer_url": reverse("admin:customers_customer_change", args=[obj.customer_id]),
            "links_touchpoints": request.user.has_perm("touchpoints.view_touchpoint"),
            "may_see_shipments": request.user.has_perm("customers.view_customer"),
        }
        return super().render_change_form(request, context | told, add, change, form_url, obj)

    @admin.display(description=_("number"))
    def number(self, subject: Subject) -> str:
        return subject.key

    @admin.display(description=_("value"))
    def amount(self, subject: Subject) -> str:
        return _money(subject.value, subject)

    @admin.display(description=_("state"))
    def state_in_words(self, subject: Subject) -> str:
        return subject.state_label


@admin.register(Order)
class OrderAdmin(SubjectAdmin):
    about = _("What was bought, from the order to the refund, worked out from its touchpoints.")
    when_empty = _("An order appears with its first touchpoint, for example order_placed with the subject order:1001.")
    kind = SubjectKind.ORDER
    list_display = ("number", "customer", "state_in_words", "net_amount", "delivery", "began_at", "brand")
    list_filter = (StateFilter, DeliveryFilter, "is_open", "brand")

    @admin.display(description=_("net value"))
    def net_amount(self, order: Subject) -> str:
        return _money(order.net_value, order)

    @admin.display(description=_("delivery"))
    def delivery(self, order: Subject) -> str:
        return capfirst(delivery(order, now=timezone.now()))


@admin.register(Subscription)
class SubscriptionAdmin(SubjectAdmin):
    about = _("What is paid again and again, worked out from its touchpoints.")
    when_empty = _("A subscription appears with its first touchpoint, subscription_started with subscription:5.")
    kind = SubjectKind.SUBSCRIPTION
    list_display = ("number", "customer", "state_in_words", "monthly", "began_at", "changed_at", "runs_until", "brand")
    list_filter = (StateFilter, "is_open", "brand")

    @admin.display(description=_("monthly value"))
    def monthly(self, subscription: Subject) -> str:
        return _money(subscription.monthly_value, subscription)


def _money(value: Decimal | None, subject: Subject) -> str:
    return "" if value is None else money_text(value, subject.currency)
