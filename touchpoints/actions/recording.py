from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import Brand
from customers.models import Customer
from touchpoints import acquisition, case_reasons, vocabulary
from touchpoints.models import (
    AcquisitionRule,
    BusinessHours,
    CaseReason,
    Channel,
    OpenHours,
    Source,
    Touchpoint,
    TouchpointType,
)
from touchpoints.models.source import SourceKind

SYSTEM_SOURCE, STAFF_SOURCE = "kundenpfad", "staff"
OPENS_AT, CLOSES_AT = time(9), time(17)


@transaction.atomic
def seed_vocabulary() -> None:
    """Create what is missing of the vocabulary, the default brand and the built-in sources; change nothing."""
    brand = Brand.objects.filter(is_default=True).first() or Brand.objects.create(name="Kundenpfad", is_default=True)
    for key, name, kind in (
        (SYSTEM_SOURCE, "Kundenpfad", SourceKind.SYSTEM),
        (STAFF_SOURCE, "Kundenservice", SourceKind.STAFF),
    ):
        Source.objects.get_or_create(key=key, defaults={"name": name, "kind": kind, "brand": brand})
    Channel.objects.bulk_create(
        [Channel(**word._asdict(), position=number) for number, word in enumerate(vocabulary.CHANNELS, start=1)],
        ignore_conflicts=True,
    )
    channels = {channel.key: channel for channel in Channel.objects.all()}
    TouchpointType.objects.bulk_create(
        [
            TouchpointType(**word._asdict() | {"channel": channels[word.channel], "aliases": list(word.aliases)})
            for word in vocabulary.TYPES
        ],
        ignore_conflicts=True,
    )
    if not AcquisitionRule.objects.exists():
        AcquisitionRule.objects.bulk_create(
            AcquisitionRule(
                position=10 * number,
                acquisition_channel=rule.acquisition_channel,
                mediums=list(rule.mediums),
                hosts=list(rule.hosts),
                channels=list(rule.channels),
            )
            for number, rule in enumerate(acquisition.READY, start=1)
        )
    _seed_reasons()
    _seed_business_hours(brand)


def _seed_reasons() -> None:
    for position, word in enumerate(case_reasons.REASONS, start=1):
        parent = CaseReason.objects.filter(key=word.parent).first()
        told = word._asdict() | {"parent": parent, "position": position}
        CaseReason.objects.get_or_create(key=word.key, defaults=told)


def _seed_business_hours(brand: Brand) -> None:
    """Monday to Friday, nine to five, until somebody says otherwise."""
    if BusinessHours.objects.exists():
        return
    hours = BusinessHours.objects.create(name=brand.name, brand=brand, time_zone=brand.time_zone)
    OpenHours.objects.bulk_create(
        OpenHours(hours=hours, weekday=day, opens_at=OPENS_AT, closes_at=CLOSES_AT) for day in range(5)
    )


@transaction.atomic
def record_touchpoint(
    *,
    source: str,
    message_id: str,
    type: str,
    customer: Customer,
    occurred_at: datetime,
    channel: str | None = None,
    subject: str = "",
    value: Decimal | None = None,
    currency: str = "",
    valence: int | None = None,
    actor: str = "system",
    place: str = "",
    replaces: str = "",
    properties: dict[str, Any] | None = None,
) -> Touchpoint:
    """Write one touchpoint of our own; the same (source, message_id) again returns the one already there.

    `replaces` is the message_id of the first touchpoint of a chain of corrections.
    """
    touchpoint_type = TouchpointType.objects.get(key=type)
    touchpoint, _created = Touchpoint.objects.get_or_create(
        source=Source.objects.get(key=source),
        message_id=message_id,
        defaults={
            "customer": customer,
            "type": touchpoint_type,
            "channel_id": Channel.objects.get(key=channel).pk if channel else touchpoint_type.channel_id,
            # Milliseconds everywhere: the timeline's keys hold no more .
            "occurred_at": occurred_at.replace(microsecond=occurred_at.microsecond // 1000 * 1000),
            "subject": subject,
            "value": value,
            "currency": currency,
            "valence": valence,
            "actor": actor,
            "place": place,
            "replaces": replaces,
            "properties": properties or {},
        },
    )
    return touchpoint
