from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from customers.models import Customer, Segment, SegmentMember
from customers.models.segment import SegmentKind


@transaction.atomic
def save_segment(*, segment: Segment, by: User | None) -> Segment:
    if segment.pk is None:
        segment.created_by = by
    segment.changed_by, segment.changed_at = by, timezone.now()
    segment.save()
    return segment


@transaction.atomic
def add_to_list(*, segment: Segment, customers: Iterable[int], by: User | None) -> int:
    """Puts these people on a list made by hand; how many were not on it, by any of their records."""
    if segment.kind != SegmentKind.STATIC:
        raise ValueError("Only a list takes people by hand; rules find theirs themselves.")
    listed = SegmentMember.objects.filter(segment=segment).values("customer__canonical")
    people = Customer.objects.filter(group__in=list(customers)).exclude(pk__in=listed)
    rows = [
        SegmentMember(segment=segment, customer_id=pk, added_by=by)
        for pk in people.values_list("pk", flat=True).distinct()
    ]
    # Two who add the same person at once make one entry.
    SegmentMember.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
