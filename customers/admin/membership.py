from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import Inline
from customers.models import Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet


class MemberInline(Inline):
    """On the page of a company: who belongs to it."""

    model = Membership
    fk_name = "company"
    fields = ("person", "role", "since_on", "until_on")
    autocomplete_fields = ("person",)
    verbose_name = _("member")
    verbose_name_plural = _("members")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("person", "company")


class CompanyInline(MemberInline):
    """On the page of a person: where they belong."""

    fk_name = "person"
    fields = ("company", "role", "since_on", "until_on")
    autocomplete_fields = ("company",)
    verbose_name = _("company")
    verbose_name_plural = _("companies")
