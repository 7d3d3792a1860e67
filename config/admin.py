from typing import Any, ClassVar

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.visible import visible

# The start page of the administration, by task: section by section, in the order of work.
SECTIONS = {
    "customers": (
        "Customer", "CustomerImport", "CustomerExport", "Identity", "Tag", "Segment", "Note", "MergeSuggestion",
        "Merge", "BulkChange", "Consent", "ConsentRequest", "ConsentText", "Suppression", "Erasure", "ConsentProof",
        "RetentionRule", "CustomerAccess",
    ),
    "touchpoints": (
        "Touchpoint", "Order", "Subscription", "Subject", "Case", "CaseReason", "BusinessHours", "Message",
        "TouchpointType", "Channel", "AcquisitionRule", "Source", "RejectedTouchpoint", "FollowerPosition",
        "ParkedRow", "MailHost", "Webhook", "WebhookDelivery",
    ),
    "journeys": ("Journey", "JourneyVersion", "Persona", "Run"),
    "surveys": ("Survey", "SurveyVersion", "Campaign", "Invitation", "Response"),
    "accounts": ("User", "Team", "Brand", "ApiKey", "Change"),
}  # fmt: skip


class VisibleAutocomplete(AutocompleteJsonView):
    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        result = super().serialize_result(obj, to_field_name)
        name = visible(result["text"])
        is_similar = getattr(self.object_list, "is_similar", False)
        return result | {"text": gettext("%(name)s (similar name)") % {"name": name} if is_similar else name}


class KundenpfadAdminSite(AdminSite):
    site_header = "Kundenpfad"
    site_title = "Kundenpfad"
    index_title = _("Administration")
    site_url = "/"
    empty_value_display = "–"
    sections: ClassVar = SECTIONS

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One login for all pages; who is logged in and comes here lacks the right, not the password."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        view: Any = VisibleAutocomplete.as_view(admin_site=self)
        response: HttpResponse = view(request)
        return response

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps = self._build_app_dict(request, app_label)
        places = {label: place for place, label in enumerate(self.sections)}
        found = sorted(apps.values(), key=lambda app: places.get(app["app_label"], len(places)))
        for app in found:
            order = self.sections.get(app["app_label"], ())
            app["models"].sort(key=lambda model: _place(order, model["object_name"]))
            for model in app["models"]:
                page = self._registry[model["model"]]
                model["about"] = getattr(page, "about", "")
                # Counted by the start page alone: templates call what can be called.
                model["waiting_count"] = getattr(page, "waiting_count", None)
        return found


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)
