"""Changing many customers at once: an action below the list asks on a page of its own, then does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import reasons
from accounts.admin.narrowing import MOST_DIGITS
from accounts.admin.pages import PageAdmin
from accounts.admin.paging import MOST_COUNTED
from accounts.models import User
from customers.actions import add_tag, remove_tag, set_owner
from customers.actions.segments import add_to_list
from customers.models import BulkChange, Customer, Segment, Tag
from customers.models.segment import SegmentKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

NAMED = 10
LONGEST_LIST = 19 * MOST_COUNTED


class PeopleField(forms.CharField):
    """Ids in one field: a form of a thousand fields would be refused."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        if len(text) > LONGEST_LIST or not all(_is_id(part) for part in text.split(",")):
            raise ValidationError("These are no ids.")
        return [int(part) for part in text.split(",")][:MOST_COUNTED]


class BulkForm(forms.Form):
    people = PeopleField()
    filters = forms.CharField(widget=forms.HiddenInput, required=False)


class TagForm(BulkForm):
    tag = forms.ModelChoiceField(queryset=Tag.objects.all(), label=capfirst(_("tag")))

    def do(self, kind: str, by: User) -> BulkChange:
        change = {"add-tag": add_tag, "remove-tag": remove_tag}[kind]
        return change(customers=self.cleaned_data["people"], tag=self.cleaned_data["tag"], by=by)


class OwnerForm(BulkForm):
    owner = forms.ModelChoiceField(
        queryset=User.objects.filter(is_active=True, is_staff=True).order_by("last_name", "first_name", "username"),
        required=False,
        empty_label=capfirst(_("nobody")),
        label=capfirst(_("owner")),
    )

    def do(self, _kind: str, by: User) -> BulkChange:
        return set_owner(customers=self.cleaned_data["people"], owner=self.cleaned_data["owner"], by=by)


@dataclass(frozen=True)
class Listed:
    segment: Segment
    count: int


class ListForm(BulkForm):
    segment = forms.ModelChoiceField(
        queryset=Segment.objects.filter(kind=SegmentKind.STATIC),
        label=capfirst(_("list made by hand")),
        help_text=_("Add a list under “Segments” first, if there is none that fits."),
    )

    def do(self, _kind: str, by: User) -> Listed:
        segment = self.cleaned_data["segment"]
        return Listed(segment, add_to_list(segment=segment, customers=self.cleaned_data["people"], by=by))


FORMS: dict[str, tuple[Any, type[TagForm | OwnerForm | ListForm]]] = {
    "add-tag": (_("Add a tag"), TagForm),
    "remove-tag": (_("Remove a tag"), TagForm),
    "set-owner": (_("Set the owner"), OwnerForm),
    "add-to-list": (_("Put on a list"), ListForm),
}


class BulkAdmin(PageAdmin):
    actions: Any = ("add_a_tag", "remove_a_tag", "set_the_owner", "put_on_a_list")

    def has_bulk_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("customers.add_bulkchange"))

    def has_list_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("customers.change_segment"))

    def get_urls(self) -> list[URLPattern]:
        address = path("bulk/<slug:kind>/", self.admin_site.admin_view(self.bulk), name="customers_customer_bulk")
        return [address, *super().get_urls()]

    @admin.action(description=FORMS["add-tag"][0], permissions=["bulk"])
    def add_a_tag(self, request: HttpRequest, chosen: QuerySet[Customer]) -> HttpResponse:
        return self._ask_about(request, chosen, "add-tag")

    @admin.action(description=FORMS["remove-tag"][0], permissions=["bulk"])
    def remove_a_tag(self, request: HttpRequest, chosen: QuerySet[Customer]) -> HttpResponse:
        return self._ask_about(request, chosen, "remove-tag")

    @admin.action(description=FORMS["set-owner"][0], permissions=["bulk"])
    def set_the_owner(self, request: HttpRequest, chosen: QuerySet[Customer]) -> HttpResponse:
        return self._ask_about(request, chosen, "set-owner")

    @admin.action(description=FORMS["add-to-list"][0], permissions=["list"])
    def put_on_a_list(self, request: HttpRequest, chosen: QuerySet[Customer]) -> HttpResponse:
        return self._ask_about(request, chosen, "add-to-list")

    def bulk(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Does it; the form comes from the page that an action showed."""
        if kind not in FORMS:
            raise Http404
        may = self.has_list_permission if kind == "add-to-list" else self.has_bulk_permission
        if not may(request):
            raise PermissionDenied
        form = FORMS[kind][1](request.POST or None)
        back = reverse("admin:customers_customer_changelist")
        if not form.is_valid():
            return self._page(request, kind, form) if form.data.get("people") else HttpResponseRedirect(back)
        user: Any = request.user
        try:
            change = form.do(kind, user)
        except ValidationError as refused:
            self.message_user(request, reasons(refused), messages.WARNING)
        else:
            self.message_user(request, _told(change), messages.SUCCESS)
        filters = QueryDict(form.cleaned_data["filters"]).urlencode()
        return HttpResponseRedirect(f"{back}?{filters}" if filters else back)

    def _ask_about(self, request: HttpRequest, chosen: QuerySet[Customer], kind: str) -> HttpResponse:
        found = list(chosen.order_by("-pk").values_list("pk", flat=True)[: MOST_COUNTED + 1])
        people = ",".join(str(pk) for pk in found[:MOST_COUNTED])
        form = FORMS[kind][1](initial={"people": people, "filters": request.GET.urlencode()})
        return self._page(request, kind, form, is_cut=len(found) > MOST_COUNTED)

    def _page(self, request: HttpRequest, kind: str, form: forms.Form, *, is_cut: bool = False) -> HttpResponse:
        pks = [pk for pk in str(form["people"].value() or "").split(",") if pk.isdecimal() and len(pk) < 19]
        context = self.admin_site.each_context(request) | {
            "title": FORMS[kind][0],
            "opts": self.opts,
            "form": form,
            "kind": kind,
            "count": len(pks),
            "is_cut": is_cut,
            "named": Customer.objects.filter(pk__in=pks[:NAMED]),
            "more": max(0, len(pks) - NAMED),
            "filters": form["filters"].value(),
        }
        return TemplateResponse(request, "admin/customers/customer/bulk.html", context)


def _told(change: BulkChange | Listed) -> SafeString | str:
    if isinstance(change, Listed):
        told = ngettext("%(count)s person was put on the list.", "%(count)s people were put on the list.", change.count)
        return told % {"count": change.count}
    told = ngettext("Changed for %(count)s person.", "Changed for %(count)s people.", change.count)
    undo = reverse("admin:customers_bulkchange_undoing", args=[change.pk])
    return format_html('{} <a href="{}">{}</a>', told % {"count": change.count}, undo, gettext("Undo"))


def _is_id(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < MOST_DIGITS
