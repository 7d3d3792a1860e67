"""What an agent wants to see of one person at a glance, put together from all apps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import Brand
from customers.consent import ContactDecision, may_contact
from customers.models import Customer, Membership
from customers.models.consent import ContactChannel, Purpose
from journeys.models import Run, Stage
from surveys.models import Answer, Response
from touchpoints.models import Touchpoint

TIMELINE_PAGE = 30
RIBBONS = 4
MEMBERSHIPS = 12


@dataclass(frozen=True)
class Step:
    stage: Stage
    state: str
    """done, current, missed (passed over) or ahead."""


@dataclass(frozen=True)
class Ribbon:
    run: Run
    steps: list[Step]


@dataclass(frozen=True)
class Day:
    on: date
    touchpoints: list[Touchpoint]


@dataclass(frozen=True)
class TimelinePage:
    days: list[Day]
    next_before: str
    """Where the next page begins; empty at the end."""


def ribbons(customer: Customer) -> tuple[list[Ribbon], list[Ribbon]]:
    """Where the person stands now (open runs, else the last one), and the other runs touched last."""
    stages = Prefetch("version__stages", queryset=Stage.objects.order_by("position"))
    runs = (
        Run.objects.live()
        .of_person(customer.pk)
        .select_related("version__journey", "current_stage")
        .prefetch_related(stages, "passages")
        .order_by("-last_at", "-id")[:RIBBONS]
    )
    found = [Ribbon(run=run, steps=list(_steps(run))) for run in runs]
    now = [ribbon for ribbon in found if ribbon.run.ended_at is None] or found[:1]
    return now, [ribbon for ribbon in found if ribbon not in now]


def _steps(run: Run) -> Iterable[Step]:
    visited = {passage.stage_id for passage in run.passages.all()}
    stages = list(run.version.stages.all())
    furthest = max((number for number, stage in enumerate(stages) if stage.pk in visited), default=-1)
    for number, stage in enumerate(stages):
        if stage.pk == run.current_stage_id:
            state = "current"
        elif stage.pk in visited:
            state = "done"
        else:
            state = "missed" if number < furthest else "ahead"
        yield Step(stage=stage, state=state)


def timeline(customer: Customer, *, channel: str = "", subject: str = "", before: str = "") -> TimelinePage:
    """Current touchpoints, newest first, by day; `before` is the `next_before` of the page above."""
    touchpoints = (
        Touchpoint.objects.current()
        .of_person(customer.pk)
        .select_related("type__canonical__channel", "channel", "source")
    ).order_by("-occurred_at", "-id")
    if channel:
        touchpoints = touchpoints.filter(channel__key=channel)
    if subject:
        touchpoints = touchpoints.filter(subject=subject)
    if before:
        moment, pk = _read_position(before)
        touchpoints = touchpoints.filter(occurred_at__lte=moment).exclude(occurred_at=moment, id__gte=pk)
    found = list(touchpoints[: TIMELINE_PAGE + 1])
    shown = found[:TIMELINE_PAGE]
    by_day = groupby(shown, key=lambda touchpoint: timezone.localdate(touchpoint.occurred_at))
    return TimelinePage(
        days=[Day(on=day, touchpoints=list(those)) for day, those in by_day],
        next_before=_position(shown[-1]) if len(found) > TIMELINE_PAGE else "",
    )


def _position(touchpoint: Touchpoint) -> str:
    return f"{touchpoint.occurred_at.isoformat()}_{touchpoint.pk}"


def _read_position(text: str) -> tuple[datetime, int]:
    moment, _separator, pk = text.rpartition("_")
    return datetime.fromisoformat(moment), int(pk)


def last_answers(customer: Customer) -> list[Response]:
    return list(
        Response.objects.finished()
        .filter(customer__canonical_id=customer.pk)
        .select_related("version__survey")
        .prefetch_related(
            Prefetch("answers", queryset=Answer.objects.select_related("question").order_by("question__position"))
        )
        .order_by("-finished_at", "-id")[:3]
    )


def memberships(customer: Customer) -> list[Membership]:
    """The companies of a person, the members of a company: those of today."""
    today = Membership.objects.of(customer.pk).on(timezone.localdate())
    return list(today.select_related("company__canonical", "person__canonical").order_by("id")[:MEMBERSHIPS])


def contact_permissions(customer: Customer, *, brand: Brand) -> list[ContactDecision]:
    """May I write? For service, for a survey, for advertising; the only gate decides (customers.consent)."""
    now = timezone.now()
    return [
        may_contact(customer, purpose=purpose, channel=ContactChannel.EMAIL, brand=brand, now=now)
        for purpose in (Purpose.SERVICE, Purpose.SURVEY, Purpose.MARKETING)
    ]
