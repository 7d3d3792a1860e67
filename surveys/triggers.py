"""Which touchpoints start the clock of a campaign, and when its mail is due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from surveys.models import Campaign
from surveys.timing import Window, due_at, is_too_old
from touchpoints.models import Touchpoint
from touchpoints.models.source import SourceKind
from touchpoints.querysets import TouchpointQuerySet

# Ten thousand rows at a time: read what planning needs.
READ = (
    "source", "message_id", "replaces", "subject", "occurred_at", "received_at",
    *(f"{person}__{field}" for person in ("customer", "customer__canonical") for field in ("language", "time_zone")),
)  # fmt: skip


def triggers(campaign: Campaign, touchpoints: TouchpointQuerySet) -> TouchpointQuerySet:
    """A browser can claim anything, so its touchpoints ask nobody until a server says the same."""
    return (
        touchpoints.current()
        .filter(
            type__canonical__group=campaign.trigger_type_id,
            source__brand=campaign.brand_id,
            properties__contains=campaign.conditions,
        )
        .exclude(source__kind=SourceKind.BROWSER)
        .select_related("customer__canonical")
        .only(*READ)
    )


def is_timely(campaign: Campaign, touchpoint: Touchpoint) -> bool:
    return campaign.activated_at is not None and not is_too_old(
        occurred_at=touchpoint.occurred_at,
        received_at=touchpoint.received_at,
        active_since=campaign.activated_at,
        delay=timedelta(minutes=campaign.delay_minutes),
    )


def invitation_due_at(campaign: Campaign, touchpoint: Touchpoint) -> datetime:
    person = touchpoint.customer.canonical or touchpoint.customer
    return due_at(
        occurred_at=touchpoint.occurred_at,
        delay=timedelta(minutes=campaign.delay_minutes),
        window=Window(campaign.window_from_hour, campaign.window_to_hour, is_weekdays_only=campaign.is_weekdays_only),
        zone=ZoneInfo(person.time_zone) if person.time_zone else campaign.brand.zone,
    )
