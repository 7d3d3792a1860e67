"""The follower “journeys”: the persons touched by a batch get their runs computed anew."""

from django.db.models import Q
from django.utils import timezone

from customers.models import Customer
from journeys.models import JourneyVersion
from journeys.runs import rematch
from touchpoints.feed import Batch, Follower
from touchpoints.models import Touchpoint


def follow_journeys(batch: Batch) -> None:
    persons = _touched_persons(batch)
    if not persons:
        return
    for version in JourneyVersion.objects.published().select_for_update(of=["self"]).select_related("journey"):
        rematch(version, customer_ids=persons, now=timezone.now())


def _touched_persons(batch: Batch) -> set[int]:
    """Canonical customers of the batch, of what it corrects, and of the groups that changed."""
    persons = set(batch.touchpoints().values_list("customer__canonical_id", flat=True))
    corrections = batch.touchpoints().exclude(replaces="").values_list("source_id", "replaces")
    corrected = Q(
        *[Q(source_id=source_id, message_id=replaces) for source_id, replaces in corrections], _connector=Q.OR
    )
    if corrected:
        persons.update(Touchpoint.objects.filter(corrected).values_list("customer__canonical_id", flat=True))
    changed = {pk for change in batch.changes for pk in (change.customer_pk, change.other_pk) if pk}
    persons.update(Customer.objects.filter(pk__in=changed).values_list("canonical_id", flat=True))
    return {person for person in persons if person}


JOURNEYS = Follower(name="journeys", apply=follow_journeys, reads_vocabulary=True)
