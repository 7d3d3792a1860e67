from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, Subquery, When
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import PageAdmin
from accounts.models import Brand
from customers.models import RetentionRule
from customers.privacy.record import activities
from customers.privacy.retention import data_classes

SHOWN_AT_MOST = 10_000


def record(request: HttpRequest) -> HttpResponse:
    brands = Brand.objects.order_by("-is_default", "name")
    context = admin.site.each_context(request) | {
        "title": _("Record of processing activities"),
        "activities": activities(),
        "brands": brands,
        "today": timezone.localdate(),
        "opts": RetentionRule._meta,
    }
    return TemplateResponse(request, "admin/customers/record.html", context)


class HowMany(Subquery):
    template = "(SELECT count(*) FROM (%(subquery)s) due)"
    output_field = IntegerField()


@admin.register(RetentionRule)
class RetentionRuleAdmin(PageAdmin):
    about = _("How long data are kept that nobody asked to delete. Every night deletes what is over.")
    when_empty = _("The rules come with the next migration.")
    list_display = ("name", "days", "tonight", "because")
    list_display_links = ("name",)
    sortable_by = ()
    fields = ("name", "days", "because", "tonight")
    readonly_fields = ("name", "because", "tonight")

    def get_urls(self) -> list[URLPattern]:
        address = path("record/", self.admin_site.admin_view(self.record), name="customers_retentionrule_record")
        return [address, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RetentionRule]:
        """What is due is counted by the query of the list, however many classes there are."""
        now, classes = timezone.now(), data_classes()
        counted = [
            When(key=rule.key, then=HowMany(classes[rule.key].due(rule.moment(now)).values("pk")[: SHOWN_AT_MOST + 1]))
            for rule in RetentionRule.objects.in_force()
            if rule.key in classes
        ]
        rules: QuerySet[RetentionRule] = super().get_queryset(request)
        return rules.annotate(due_count=Case(*counted, output_field=IntegerField()))

    def record(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return record(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("class of data"))
    def name(self, rule: RetentionRule) -> str:
        known = data_classes().get(rule.key)
        return capfirst(str(known.label)) if known else rule.key

    @admin.display(description=_("why so long at first"))
    def because(self, rule: RetentionRule) -> str:
        known = data_classes().get(rule.key)
        return str(known.because) if known else ""

    @admin.display(description=_("goes tonight"))
    def tonight(self, rule: RetentionRule) -> str:
        count: int | None = getattr(rule, "due_count", None)
        if count is None:
            return "–"
        return _now("more than %(count)s") % {"count": SHOWN_AT_MOST} if count > SHOWN_AT_MOST else str(count)
