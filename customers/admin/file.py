from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import ReadOnlyAdmin
from customers.models import CustomerExport, CustomerImport


@admin.register(CustomerImport)
class CustomerImportAdmin(ReadOnlyAdmin):
    about = _("Files of customers: looked at, checked without a change, then imported.")
    when_empty = _("Import a CSV or Excel file with customers; nothing is stored before you have seen the check.")
    list_display = ("__str__", "page", "state", "rows", "created", "updated", "refused", "created_by", "created_at")
    list_filter = ("state",)
    list_select_related = ("created_by",)
    sortable_by = ()
    fields = (
        "name", "state", "rows", "position", "created", "updated", "unchanged", "repeated", "refused", "failure",
        "created_by", "created_at", "ended_at",
    )  # fmt: skip

    @admin.display(description=_("page"))
    def page(self, file: CustomerImport) -> str:
        return format_html('<a href="{}">{}</a>', reverse("customer-import", args=[file.pk]), _("Open"))


@admin.register(CustomerExport)
class CustomerExportAdmin(ReadOnlyAdmin):
    about = _("Who took lists of customers out, when, and by which search and filters.")
    when_empty = _("The button “Export” above the list of customers writes a file and a row here.")
    list_display = ("created_at", "created_by", "rows", "is_complete", "filters")
    list_filter = ("is_complete",)
    list_select_related = ("created_by",)
    sortable_by = ()
