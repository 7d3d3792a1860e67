from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet, filters
from drf_spectacular.utils import extend_schema_field

from accounts.api.problem import Problem
from accounts.filters import BeforeFilter, IdFilter, SinceFilter
from accounts.models import Brand
from customers.identity import InvalidIdentityError, identifier
from customers.models import Customer, Identity, Merge, MergeSuggestion, Note, Segment, Tag
from customers.querysets import CustomerQuerySet, MergeSuggestionQuerySet, TagQuerySet
from customers.segments.membership import members
from customers.segments.rules import InvalidRulesError


class PersonFilter(IdFilter):
    """Rows of a person: of all records merged with this one, whichever of them is named."""

    def filter(self, queryset: QuerySet[Any], value: int | None) -> QuerySet[Any]:
        if value is None:
            return queryset
        person = Customer.objects.filter(pk=value).values("canonical")
        path = "canonical" if self.field_name == "pk" else f"{self.field_name}__canonical"
        return queryset.filter(**{f"{path}__in": person})


class IdentityFilter(filters.CharFilter):  # type: ignore[misc]
    """Who has this identifier, however it is spelled; phone numbers without prefix as at the default brand's home."""

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return queryset
        try:
            country = Brand.objects.home_country() if self.field_name == "phone" else ""
            wanted = identifier(self.field_name, value, country=country)
        except InvalidIdentityError:
            return queryset.none()
        return queryset.filter(identities__kind=wanted.kind, identities__value=wanted.value)


def people_in(segment: Segment) -> CustomerQuerySet:
    try:
        return members(segment, now=timezone.now())
    except InvalidRulesError as refused:
        detail = f"The segment “{segment}” cannot be used: {refused}"
        problems = [{"where": problem.where, "what": str(problem.what)} for problem in refused.problems]
        raise Problem(409, "invalid_segment", detail, problems=problems) from refused


class SegmentFilter(IdFilter):
    """The people of a segment, one row per person; with an unknown one nobody, with an invalid one an error."""

    def filter(self, queryset: QuerySet[Any], value: int | None) -> QuerySet[Any]:
        if value is None:
            return queryset
        segment = Segment.objects.filter(pk=value).first()
        return queryset.filter(pk__in=people_in(segment).order_by().values("pk")) if segment else queryset.none()


class CustomerFilterSet(FilterSet):  # type: ignore[misc]
    user_id = IdentityFilter()
    email = IdentityFilter()
    phone = IdentityFilter()
    loyalty_card = IdentityFilter()
    external_id = IdentityFilter()
    anonymous_id = IdentityFilter()
    receipt = IdentityFilter()
    q = filters.CharFilter(method="filter_found", label=_("Name, or an identifier’s beginning; one row per person."))
    owner = IdFilter(field_name="owner_id")
    tag = filters.CharFilter(field_name="tags__key", label=_("The key of a tag."))
    person = PersonFilter(field_name="pk", label=_("All records of one person."))
    segment = SegmentFilter(label=_("The people of a segment, one row per person."))
    is_canonical = filters.BooleanFilter(method="filter_canonical", label=_("One row per person."))
    created_since = SinceFilter("created_at")
    created_before = BeforeFilter("created_at")

    class Meta:
        model = Customer
        fields = ("kind", "is_known", "country", "language")

    def filter_canonical(self, queryset: QuerySet[Customer], _name: str, value: bool) -> QuerySet[Customer]:
        is_canonical = Q(canonical=F("pk"))
        return queryset.filter(is_canonical if value else ~is_canonical)

    def filter_found(self, queryset: CustomerQuerySet, _name: str, value: str) -> CustomerQuerySet:
        return queryset.found_by(value)


class IdentityFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="customer", label=_("A person, by any of its records."))
    created_since = SinceFilter("created_at")
    created_before = BeforeFilter("created_at")

    class Meta:
        model = Identity
        fields = ("kind", "value", "is_trusted", "is_by_hand")


class MergeFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="kept", label=_("A person, by any of its records."))
    is_undone = filters.BooleanFilter(field_name="undone_at", lookup_expr="isnull", exclude=True)
    created_since = SinceFilter("created_at")
    created_before = BeforeFilter("created_at")

    class Meta:
        model = Merge
        fields = ("reason",)


class MergeSuggestionFilterSet(FilterSet):  # type: ignore[misc]
    is_waiting = filters.BooleanFilter(method="filter_waiting", label=_("To be decided now."))
    customer = IdFilter(method="filter_about", label=_("A person, by any of its records."))
    score_from = extend_schema_field({"type": "number", "minimum": 0, "maximum": 1})(
        filters.NumberFilter(field_name="score", lookup_expr="gte", min_value=0, max_value=1)
    )
    created_since = SinceFilter("created_at")
    created_before = BeforeFilter("created_at")

    class Meta:
        model = MergeSuggestion
        fields = ("state",)

    def filter_waiting(self, queryset: MergeSuggestionQuerySet, _name: str, value: bool) -> MergeSuggestionQuerySet:
        waiting = MergeSuggestion.objects.waiting(today=timezone.localdate())
        return queryset.filter(pk__in=waiting) if value else queryset.exclude(pk__in=waiting)

    def filter_about(self, queryset: MergeSuggestionQuerySet, _name: str, value: int) -> MergeSuggestionQuerySet:
        return queryset.about([value])


class TagFilterSet(FilterSet):  # type: ignore[misc]
    q = filters.CharFilter(method="filter_named", label=_("The name, however it is spelled."))

    class Meta:
        model = Tag
        fields = ("key", "colour")

    def filter_named(self, queryset: TagQuerySet, _name: str, value: str) -> TagQuerySet:
        return queryset.named_like(value)


class NoteFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="customer", label=_("A person, by any of its records."))
    author = IdFilter(field_name="author_id")
    created_since = SinceFilter("created_at")
    created_before = BeforeFilter("created_at")

    class Meta:
        model = Note
        fields = ()


class SegmentFilterSet(FilterSet):  # type: ignore[misc]
    brand = IdFilter(field_name="brand_id")

    class Meta:
        model = Segment
        fields = ("kind",)
