from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.admin.pages import PageAdmin
from accounts.models import User
from customers.actions.exporting import export_customers

MAY_EXPORT = "customers.export_customer"


class ExportAdmin(PageAdmin):
    """A button above the list: what search and filters show, all of it, as CSV."""

    change_list_template = "admin/customers/customer/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        export = path("export/", self.admin_site.admin_view(self.export), name="customers_customer_export")
        return [export, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        words = {"may_export": request.user.has_perm(MAY_EXPORT), "asked": request.GET.urlencode()}
        return super().changelist_view(request, words | (extra_context or {}))

    def export(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """POST, because it writes down who took the list."""
        if not (request.user.has_perm(MAY_EXPORT) and self.has_view_permission(request)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found: Any = self.get_changelist_instance(request).queryset
        filters = {key: value for key, value in request.GET.items() if key != "p"}
        zone: Any = timezone.get_current_timezone()
        lines = export_customers(customers=found, by=cast(User, request.user), filters=filters, zone=zone)
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        day = timezone.localdate().isoformat()
        response["Content-Disposition"] = f'attachment; filename="kunden-{day}.csv"'
        response["Cache-Control"] = "no-store"
        return response
