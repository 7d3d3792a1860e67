from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import ReadOnlyAdmin
from customers.models import CustomerAccess


@admin.register(CustomerAccess)
class CustomerAccessAdmin(ReadOnlyAdmin):
    about = _("Who read the data of which customer, and when; the same once in ten minutes. Nobody can alter it.")
    when_empty = _("Whoever opens the page of a customer, or reads it over the API, stands here.")
    looks_back = 100_000
    indexed_parameters = ("customer__id__exact", "user__id__exact")
    list_display = ("accessed_at", "user", "api_key", "kind", "customer")
    list_filter = ("kind",)
    list_select_related = ("user", "api_key", "customer")
    ordering = ("-id",)
    sortable_by = ()
    fields = ("accessed_at", "user", "api_key", "kind", "customer")
