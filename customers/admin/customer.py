from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin.conflicts import ConflictsAdmin
from accounts.admin.pages import Inline
from accounts.visible import visible
from customers.actions import note_known
from customers.actions.accesses import note_access
from customers.admin.bulk import BulkAdmin
from customers.admin.customer_filters import ImportFilter, MergedFilter, OwnerFilter, SegmentFilter, TagFilter
from customers.admin.disclosure import DISCLOSURE
from customers.admin.erasure import ERASURE
from customers.admin.export import ExportAdmin
from customers.admin.identity import IdentityForm
from customers.admin.membership import CompanyInline, MemberInline
from customers.admin.note import NoteInline
from customers.admin.tag import drawn
from customers.holding import hold_people
from customers.identity import ANONYMOUS
from customers.models import AccessKind, Customer, Identity, Note
from customers.models.customer import CustomerKind

if TYPE_CHECKING:
    from django.db.models import QuerySet


class IdentityInline(Inline):
    model = Identity
    form = IdentityForm
    fields = ("kind", "value", "is_trusted", "created_at")
    readonly_fields = ("is_trusted", "created_at")
    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An identity is never rewritten: another address is another identity."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Customer)
class CustomerAdmin(BulkAdmin, ExportAdmin, ConflictsAdmin):
    about = _("The people and companies on the other side, one row per person.")
    when_empty = _("Customers come by themselves with their first touchpoint: connect a source, or add one by hand.")
    inlines = (NoteInline, IdentityInline)
    list_display = (
        "__str__",
        "reachable_by",
        "shown_tags",
        "kind",
        "is_known",
        "city",
        "language",
        "owner",
        "created_at",
    )
    buttons = (DISCLOSURE, ERASURE)
    list_filter = (
        TagFilter, OwnerFilter, SegmentFilter, MergedFilter, ImportFilter, "kind", "is_known", "language",
    )  # fmt: skip
    list_select_related = ("owner",)
    sortable_by = ()
    search_fields = ("family_name",)
    search_help_text = _("Name, the beginning of an e-mail address or card number, or a part of a phone number.")
    autocomplete_fields = ("owner", "tags")
    readonly_fields = ("is_known", "canonical", "further_details", "created_at")
    fieldsets = (
        (
            None,
            {
                "fields": ("kind", "salutation", "title", "given_name", "family_name", "company_name"),
                "description": _("With salutation and family name mails begin “Guten Tag Frau Dr. Müller”."),
            },
        ),
        (_("Address"), {"fields": ("street", "postal_code", "city", "country")}),
        (_("Contact"), {"fields": ("owner", "tags", "language", "time_zone")}),
        (_("Record"), {"fields": ("is_known", "canonical", "further_details", "created_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        return super().get_queryset(request).prefetch_related("identities", "group__tags")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        return (queryset.found_by(search_term) if search_term.strip() else queryset), False

    def has_delete_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        """A person is erased by law and order, never by deleting the row."""
        return False

    def get_inlines(self, request: HttpRequest, obj: Customer | None) -> list[Any]:
        """A company has members, a person belongs to companies; who is new is neither yet."""
        if obj is None:
            return [*self.inlines]
        return [*self.inlines, MemberInline if obj.kind == CustomerKind.COMPANY else CompanyInline]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Customer | None = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            note_access(kind=AccessKind.PAGE, by=request.user, customer=obj.pk)
        page: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        return page

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer = super().history_view(request, object_id, extra_context)
        note_access(kind=AccessKind.HISTORY, by=request.user, customer=int(object_id))
        return answer

    def history_rows(self, row: Customer) -> list[Customer]:
        """Of the whole person: what was changed on merged records belongs to it."""
        others = Customer.objects.filter(canonical=row).exclude(pk=row.pk) if row.is_canonical else []
        return [row, *others]

    def hold(self, row: Customer) -> None:
        hold_people([row.pk])

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        if not change:
            obj.is_known = True
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Note:
            for added in formset.extra_forms:
                added.instance.author = request.user
        if formset.model is Identity:
            # In the order of locks: two who add the same ones never wait for each other in a ring.
            formset.forms.sort(key=lambda it: (it.cleaned_data.get("kind", ""), it.cleaned_data.get("value", "")))
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.instance.identities.exclude(kind__in=ANONYMOUS).exists():
            note_known(customer=form.instance)

    @admin.display(description=_("reachable by"))
    def reachable_by(self, customer: Customer) -> str:
        values = {identity.kind: identity.value for identity in customer.identities.all()}
        return values.get("email") or values.get("phone") or next(iter(values.values()), "")

    @admin.display(description=_("tags"))
    def shown_tags(self, customer: Customer) -> SafeString:
        """Those of all records of the person."""
        tags = {tag for record in customer.group.all() for tag in record.tags.all()}
        return format_html_join(" ", "{}", ((drawn(tag),) for tag in sorted(tags, key=lambda tag: tag.name)))

    @admin.display(description=_("further details"))
    def further_details(self, customer: Customer) -> str:
        return visible(customer.details) or "–"
