from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.narrowing import MOST_DIGITS
from accounts.models import User
from accounts.visible import visible
from customers.models import CustomerImport, Segment, Tag
from customers.segments.membership import members
from customers.segments.rules import InvalidRulesError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from customers.querysets import CustomerQuerySet

MINE, NOBODYS = "me", "none"


class MergedFilter(admin.SimpleListFilter):
    """One row per person, unless the merged records are wanted too."""

    title = _("merged records")
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [("shown", _("shown")), ("only", _("only these"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        hidden, *others = super().choices(changelist)
        yield hidden | {"display": _("hidden")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: CustomerQuerySet) -> CustomerQuerySet:  # type: ignore[override]
        if self.value() == "shown":
            return queryset
        return queryset.merged() if self.value() == "only" else queryset.canonical()


class ImportFilter(admin.SimpleListFilter):
    """The customers of one import: reached from its page, and shown only then."""

    title = _("customer import")
    parameter_name = "import"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        pk = request.GET.get(self.parameter_name, "")
        file = CustomerImport.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < MOST_DIGITS else None
        return [(pk, visible(file.name))] if file else []

    def queryset(self, request: HttpRequest, queryset: CustomerQuerySet) -> CustomerQuerySet:  # type: ignore[override]
        value = self.value()
        return queryset.filter(imported__customer_import=int(value)) if value else queryset


class TagFilter(admin.SimpleListFilter):
    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        self.tags = {tag.key: tag for tag in Tag.objects.all()}
        return [(key, tag.name) for key, tag in self.tags.items()]

    def queryset(self, request: HttpRequest, queryset: CustomerQuerySet) -> CustomerQuerySet:  # type: ignore[override]
        tag = self.tags.get(self.value() or "")
        if tag is None:
            return queryset.none() if self.value() else queryset
        return queryset.tagged(tag)


class OwnerFilter(admin.SimpleListFilter):
    title = _("owner")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        colleagues = User.objects.filter(is_active=True, is_staff=True).order_by("last_name", "first_name", "username")
        return [(MINE, _("me")), (NOBODYS, _("nobody")), *((str(user.pk), str(user)) for user in colleagues)]

    def queryset(self, request: HttpRequest, queryset: CustomerQuerySet) -> CustomerQuerySet:  # type: ignore[override]
        value = self.value()
        if not value:
            return queryset
        if value in (MINE, NOBODYS):
            return queryset.filter(owner=request.user.pk if value == MINE else None)
        return queryset.filter(owner=int(value)) if value.isdecimal() and len(value) < MOST_DIGITS else queryset.none()


class SegmentFilter(admin.SimpleListFilter):
    """Those of one segment, who then can be exported or changed together."""

    title = _("segment")
    parameter_name = "segment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        if not request.user.has_perm("customers.view_segment"):
            return []
        return [(str(segment.pk), visible(segment.name)) for segment in Segment.objects.only("name")]

    def queryset(self, request: HttpRequest, queryset: CustomerQuerySet) -> CustomerQuerySet:  # type: ignore[override]
        if not self.value():
            return queryset
        value = self.value() or ""
        known = Segment.objects.select_related("brand")
        segment = known.filter(pk=value).first() if value.isdecimal() and len(value) < MOST_DIGITS else None
        if segment is None:
            return queryset.none()
        try:
            return queryset.filter(pk__in=members(segment, now=timezone.now()).order_by().values("pk"))
        except InvalidRulesError as refused:
            told = gettext("The segment “%(segment)s” cannot be used: %(reason)s")
            messages.error(request, told % {"segment": segment, "reason": refused})
            return queryset.none()
