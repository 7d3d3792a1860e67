"""The follower “webhooks”: plans one delivery for each touchpoint that a webhook is to be told of, for ever."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Subquery

from customers.models import Customer
from touchpoints.feed import Batch, Follower
from touchpoints.models import WebhookDelivery

PLAN = (Path(__file__).parents[1] / "sql" / "plan_deliveries.sql").read_text()
# As announcements of journeys: what arrives later than this is history.
TOO_OLD = timedelta(days=7)


def plan_deliveries(batch: Batch) -> None:
    _follow_merges(batch)
    with connection.cursor() as cursor:
        told: dict[str, Any] = {"after": batch.after_id, "until": batch.until_id}
        told |= {"quiet_until": batch.quiet_until_id, "too_old": TOO_OLD}
        cursor.execute(PLAN, told)


WEBHOOKS = Follower("webhooks", plan_deliveries)


def _follow_merges(batch: Batch) -> None:
    """What waits belongs to the person that the record is part of now, so that it stays in order."""
    changed = {pk for change in batch.changes for pk in (change.customer_pk, change.other_pk) if pk}
    if not changed:
        return
    canonical = Customer.objects.filter(pk=OuterRef("touchpoint__customer_id")).values("canonical_id")
    waiting = WebhookDelivery.objects.unfinished().filter(touchpoint__customer__canonical__in=changed)
    moved = waiting.annotate(now_of=Subquery(canonical)).exclude(now_of=F("person_id"))
    for pk, person_id in moved.values_list("pk", "now_of"):
        WebhookDelivery.objects.filter(pk=pk).update(person_id=person_id)
