from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Now

if TYPE_CHECKING:
    from touchpoints.models import (
        Case,
        CaseReason,
        Channel,
        Message,
        RejectedTouchpoint,
        Rereading,
        Subject,
        Touchpoint,
        TouchpointType,
        WebhookDelivery,
    )

SQL = Path(__file__).parent / "sql"
CLAIM = (SQL / "claim_message.sql").read_text()
RELEASE = (SQL / "release_lost_messages.sql").read_text()
CLAIM_DELIVERIES = (SQL / "claim_deliveries.sql").read_text()


class TouchpointTypeQuerySet(models.QuerySet["TouchpointType"]):
    def offered_to_agents(self) -> TouchpointTypeQuerySet:
        return self.filter(is_logged_by_hand=True, state="active", merged_into=None)

    def standing(self) -> TouchpointTypeQuerySet:
        """Without those that were merged into another."""
        return self.filter(merged_into=None)

    def like(self, type: TouchpointType) -> TouchpointTypeQuerySet:
        """Those that mean the same: itself, what it was merged into, and what was merged into that."""
        return self.filter(canonical__group=type.pk)

    def ids(self) -> list[int]:
        return sorted(self.values_list("pk", flat=True))

    def named(self, keys: Iterable[str]) -> dict[str, list[int]]:
        """By key, the numbers of all types that mean the same."""
        rows = self.filter(canonical__group__key__in=set(keys)).values_list("canonical__group__key", "pk")
        found: dict[str, list[int]] = {}
        for key, pk in sorted(rows):
            found.setdefault(key, []).append(pk)
        return found

    def waiting(self) -> TouchpointTypeQuerySet:
        """New ones that nobody has classified."""
        return self.standing().filter(state="new")


class RereadingQuerySet(models.QuerySet["Rereading"]):
    def unfinished(self) -> RereadingQuerySet:
        return self.filter(finished_at=None)


class TouchpointQuerySet(models.QuerySet["Touchpoint"]):
    def current(self) -> TouchpointQuerySet:
        """The last of each chain of corrections; retracted touchpoints and retractions are left out.

        Ingest stores in `replaces` the root of a chain it knows, so a later correction is either a
        sibling with a higher id or, when it overtook the one it corrects, names that one directly.
        """
        correction = self.model._default_manager.filter(~Q(replaces=""), source_id=OuterRef("source_id"))
        direct = correction.filter(replaces=OuterRef("message_id"))
        later_sibling = correction.filter(replaces=OuterRef("replaces"), id__gt=OuterRef("id"))
        # What corrects nothing has no sibling; saying so with OR would make PostgreSQL ask for each row by itself.
        return self.filter(~Exists(direct), ~Exists(later_sibling), type__isnull=False)

    def in_order(self) -> TouchpointQuerySet:
        """The order of events everywhere."""
        return self.order_by("occurred_at", "id")

    def by_channel(self, channel: Channel) -> TouchpointQuerySet:
        """By this way, also where a touchpoint names none and its type usually goes it."""
        return self.filter(Q(channel=channel) | Q(channel=None, type__canonical__channel=channel))

    def of_person(self, customer_id: int) -> TouchpointQuerySet:
        """Touchpoints of every record in the merged group of this canonical customer."""
        return self.filter(customer__canonical_id=customer_id)


class RejectedTouchpointQuerySet(models.QuerySet["RejectedTouchpoint"]):
    def waiting(self) -> RejectedTouchpointQuerySet:
        """Not stored so far; in the order in which they came."""
        return self.filter(replayed_at=None).order_by("id")


class SubjectQuerySet(models.QuerySet["Subject"]):
    def keyed(self, kind: str, key: str) -> SubjectQuerySet:
        """By key, of every brand; all brands and kinds are named so that the unique index answers."""
        brands: Any = self.model._meta.get_field("brand").related_model
        kinds = [kind] if kind else [value for value, _label in self.model._meta.get_field("kind").flatchoices]
        return self.filter(brand_id__in=list(brands.objects.values_list("pk", flat=True)), kind__in=kinds, key=key)

    def orders(self) -> SubjectQuerySet:
        return self.filter(kind="order")

    def subscriptions(self) -> SubjectQuerySet:
        return self.filter(kind="subscription")

    def open(self) -> SubjectQuerySet:
        return self.filter(is_open=True)

    def of_person(self, customer_id: int) -> SubjectQuerySet:
        """Subjects of every record in the merged group of this canonical customer."""
        return self.filter(customer__canonical_id=customer_id)

    def late(self) -> SubjectQuerySet:
        """Delivered after the day that was promised."""
        return self.filter(days_late__gt=0)

    def in_time(self) -> SubjectQuerySet:
        return self.filter(days_late__lte=0)

    def overdue(self, *, now: datetime) -> SubjectQuerySet:
        """Promised for a day that has passed where the brand is, and still not there."""
        waiting = self.filter(is_open=True, delivered_at=None, promised_on__isnull=False)
        brands: Any = self.model._meta.get_field("brand").related_model
        passed = Q(pk__in=[])
        for brand in brands.objects.all():
            passed |= Q(brand=brand, promised_on__lt=now.astimezone(brand.zone).date())
        return waiting.filter(passed)

    def sums(self) -> models.QuerySet[Any, dict[str, Any]]:
        """How many and what they are worth, per currency: amounts of two currencies are never added."""
        valued: Any = self.order_by().exclude(value=None).values("currency")
        sums: models.QuerySet[Any, dict[str, Any]] = valued.annotate(
            count=Count("pk"), gross=Sum("value"), net=Sum("net_value")
        ).order_by("currency")
        return sums


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.filter(state__in=["open", "waiting"])

    def overdue(self, *, now: datetime) -> CaseQuerySet:
        return self.open().filter(due_at__lt=now)

    def in_work_order(self) -> CaseQuerySet:
        return self.order_by("-priority", F("due_at").asc(nulls_last=True), "id")


class CaseReasonQuerySet(models.QuerySet["CaseReason"]):
    def offered(self, kind: str) -> CaseReasonQuerySet:
        return self.filter(kind=kind, is_active=True)


class MessageQuerySet(models.QuerySet["Message"]):
    def queued(self) -> MessageQuerySet:
        return self.filter(state="queued")

    def waiting(self) -> MessageQuerySet:
        """Due for a sender; a message in doubt only while it may be sent again."""
        resendable = Q(state="unknown", doubts__lte=settings.MAIL_RESENDS)
        return self.filter(Q(state="queued") | resendable, due_at__lte=Now())

    def ended_without_success(self) -> MessageQuerySet:
        """Given up, or in doubt with no resend left."""
        return self.filter(Q(state="failed") | Q(state="unknown", doubts__gt=settings.MAIL_RESENDS))

    def claim_next(self, *, lease: timedelta) -> Message | None:
        return next(iter(self.raw(CLAIM, {"lease": lease, "resends": settings.MAIL_RESENDS})), None)

    def release_lost(self, *, doubt: timedelta) -> list[Message]:
        """Take back what dead senders had claimed."""
        return list(self.raw(RELEASE, {"doubt": doubt}))


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def unfinished(self) -> WebhookDeliveryQuerySet:
        return self.filter(state__in=["waiting", "calling"])

    def claim(self, *, webhook_id: int, limit: int, lease: timedelta) -> list[WebhookDelivery]:
        """What is due of a webhook and nobody else is calling, of each person the oldest; now ours for `lease`."""
        return list(self.raw(CLAIM_DELIVERIES, {"webhook": webhook_id, "limit": limit, "lease": lease}))
