from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import ReadOnlyAdmin
from customers.models import Comparison, MergeSuggestion


@admin.register(MergeSuggestion)
class MergeSuggestionAdmin(ReadOnlyAdmin):
    about = _("Records that may be one person, likeliest first. Nothing is merged until somebody says so.")
    when_empty = _("Suggestions come by themselves when two records share a name, an address, a phone or a device.")
    looks_back = 100_000
    indexed_parameters = ("one__id__exact", "other__id__exact")
    list_display = ("__str__", "score", "state", "decided_by", "decided_at")
    list_filter = ("state",)
    list_select_related = ("one", "other", "decided_by")
    sortable_by = ()


@admin.register(Comparison)
class ComparisonAdmin(ReadOnlyAdmin):
    about = _("Records still to be compared with all others; each goes within seconds.")
    when_empty = _("A row comes whenever a name or an address is new.")
    is_on_index = False
    list_display = ("id", "customer", "other", "evidence", "noted_at")
    list_select_related = ("customer", "other")
    sortable_by = ()
