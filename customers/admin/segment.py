from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.admin.pages import PageAdmin
from accounts.models import Brand
from customers.actions.segments import add_to_list, save_segment
from customers.admin.segment_form import SegmentForm, builder_context
from customers.models import Segment, SegmentMember
from customers.models.segment import SegmentKind
from customers.segments import draft as drafts
from customers.segments.draft import Draft
from customers.segments.pasting import read
from customers.segments.preview import Preview, preview, preview_of

# More than that in a message hides the page.
UNKNOWN_SHOWN = 20
MAIN = ("name", "description", "kind", "brand")


@admin.register(Segment)
class SegmentAdmin(PageAdmin):
    about = _("Groups of people: found by rules each time anew, or put on a list by hand.")
    when_empty = _("Add a segment and say in conditions who belongs to it; no code is needed.")
    form = SegmentForm
    list_display = ("__str__", "description", "kind", "brand", "changed_by", "changed_at")
    list_filter = ("kind", "brand")
    list_select_related = ("brand", "changed_by")
    search_fields = ("name", "description")

    def get_urls(self) -> list[URLPattern]:
        def guarded(view: Any) -> Any:
            return self.admin_site.admin_view(require_POST(view))

        return [
            path("builder/", guarded(self.builder), name="customers_segment_builder"),
            path("preview/", guarded(self.preview), name="customers_segment_preview"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Segment | None = None) -> tuple[str, ...]:
        return ("kind", "created_by", "created_at", "changed_by", "changed_at") if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Segment | None = None) -> Any:
        sections: list[Any] = [(None, {"fields": MAIN})]
        if self._may_build(request):
            if obj is None or obj.kind == SegmentKind.DYNAMIC:
                sections.append((_("Rules"), {"fields": ("rules",), "classes": ("segment-rules",)}))
            if obj is None or obj.kind == SegmentKind.STATIC:
                sections.append((_("People on the list"), {"fields": ("identities",), "classes": ("segment-list",)}))
        if obj:
            record = ("created_by", "created_at", "changed_by", "changed_at")
            sections.append((_("Record"), {"fields": record, "classes": ("collapse",)}))
        return sections

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        is_typed = request.method == "POST" and not (obj and obj.kind == SegmentKind.STATIC)
        if obj is None or is_typed:
            context["preview"] = self._preview(request, drafts.typed(request.POST, is_checked=True))
        else:
            context["preview"] = preview_of(obj, now=timezone.now(), with_samples=_may_see_people(request))
            context["address"] = f"{reverse('admin:customers_customer_changelist')}?segment={obj.pk}"
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Segment, form: Any, change: bool) -> None:
        user: Any = request.user
        if obj.kind == SegmentKind.STATIC:
            obj.rules = {}
        save_segment(segment=obj, by=user)
        if text := form.cleaned_data.get("identities"):
            self._put_on_list(request, obj, text)

    def builder(self, request: HttpRequest) -> HttpResponse:
        """A row or group more or less, or another condition chosen; what was typed stays."""
        draft = drafts.change(drafts.typed(request.POST, is_checked=False), request.POST.get("do", ""))
        # Read again as it will be sent next time, so that the preview speaks of what is seen.
        shown = builder_context(draft) | {"preview": self._preview(request, drafts.checked(draft))}
        return render(request, "customers/segments/change.html", shown)

    def preview(self, request: HttpRequest) -> HttpResponse:
        shown = {"preview": self._preview(request, drafts.typed(request.POST, is_checked=True))}
        return render(request, "customers/segments/_preview.html", shown)

    def _preview(self, request: HttpRequest, draft: Draft) -> Preview:
        if not self._may_build(request):
            raise PermissionDenied
        number = request.POST.get("brand", "")
        brand = Brand.objects.filter(pk=number).first() if number.isascii() and number[:9].isdigit() else None
        return preview(draft, now=timezone.now(), brand=brand, with_samples=_may_see_people(request))

    def _may_build(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) or self.has_change_permission(request)

    def _put_on_list(self, request: HttpRequest, segment: Segment, text: str) -> None:
        user: Any = request.user
        pasted = read(text)
        count = add_to_list(segment=segment, customers=pasted.customers, by=user)
        told = ngettext("%(count)s person was put on the list.", "%(count)s people were put on the list.", count)
        self.message_user(request, told % {"count": count})
        if pasted.unknown:
            shown = ", ".join(pasted.unknown[:UNKNOWN_SHOWN]) + (" …" if len(pasted.unknown) > UNKNOWN_SHOWN else "")
            told = ngettext(
                "%(count)s line leads to nobody: %(shown)s", "%(count)s lines lead to nobody: %(shown)s",
                len(pasted.unknown),
            )  # fmt: skip
            self.message_user(request, told % {"count": len(pasted.unknown), "shown": shown}, messages.WARNING)


@admin.register(SegmentMember)
class SegmentMemberAdmin(PageAdmin):
    about = _("Who was put on which list by hand.")
    when_empty = _("Open a list and paste addresses or numbers, or choose people in the list of customers.")
    is_on_index = False
    list_display = ("customer", "segment", "added_by", "added_at")
    list_filter = ("segment",)
    list_select_related = ("customer", "segment", "added_by")
    looks_back = 100_000
    indexed_parameters = ("customer__id__exact", "segment__id__exact")
    fields = ("segment", "customer", "added_by", "added_at")
    autocomplete_fields = ("customer",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SegmentMember | None = None) -> bool:
        return False


def _may_see_people(request: HttpRequest) -> bool:
    return request.user.has_perm("customers.view_customer")
