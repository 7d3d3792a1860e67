"""The follower “journeys”: the persons touched by a batch get their runs computed anew."""

from django.utils import timezone
from touchpoints.feed import Batch, Follower

from customers.models import Customer
from journeys.models import JourneyVersion
from journeys.runs import rematch


def follow_journeys(batch: Batch) -> None:
    touched = set(batch.touchpoints().values_list("customer__canonical_id", flat=True))
    changed = {pk for change in batch.changes for pk in (change.customer_pk, change.other_pk) if pk}
    touched.update(Customer.objects.filter(pk__in=changed).values_list("canonical_id", flat=True))
    if not touched:
        return
    for version in JourneyVersion.objects.published().select_for_update(of=["self"]).select_related("journey"):
        rematch(version, customer_ids=touched, now=timezone.now())


JOURNEYS = Follower(name="journeys", apply=follow_journeys)
