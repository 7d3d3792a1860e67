"""Writing runs: the runs of a set of persons are computed anew from their touchpoints, so the result never depends on
the order in which touchpoints arrived."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db.models.functions import Coalesce

from journeys.matching import Event, Path, match
from journeys.models import JourneyVersion, Passage, Run, Stage
from journeys.template import stages_of, template_of
from touchpoints.models import Touchpoint
from touchpoints.models.source import SourceKind


def rematch(version: JourneyVersion, *, customer_ids: Collection[int], now: datetime) -> int:
    """Replace all runs of these persons (canonical customers) in one version; returns the number of runs.

    The caller holds the lock on the version's row, so two computations of one person never meet.
    """
    stages = stages_of(version)
    template = template_of(version, stages)
    Run.objects.filter(version=version, customer__canonical_id__in=customer_ids).delete()
    runs: list[Run] = []
    passages: list[Passage] = []
    for customer_id, events in _events_by_person(customer_ids, type_ids={*template.rules, *template.end_types}):
        for path in match(events, template, now=now):
            run = _run(path, version=version, customer_id=customer_id, stages=stages)
            runs.append(run)
            passages.extend(_passages(path, run=run, stages=stages))
    Run.objects.bulk_create(runs, batch_size=2000)
    Passage.objects.bulk_create(passages, batch_size=5000)
    return len(runs)


def _events_by_person(
    customer_ids: Collection[int], *, type_ids: Collection[int]
) -> Iterator[tuple[int, Iterable[Event]]]:
    rows = (
        Touchpoint.objects.current()
        .filter(customer__canonical_id__in=customer_ids, type__canonical__in=type_ids)
        .order_by("customer__canonical_id", "occurred_at", "id")
        .values_list(
            "customer__canonical_id",
            "occurred_at",
            "type__canonical_id",
            Coalesce("channel_id", "type__canonical__channel_id"),  # the usual one
            "subject",
            "properties",
            "source__kind",
        )
    )
    for customer_id, own in groupby(rows.iterator(chunk_size=5000), key=itemgetter(0)):
        # A browser is not believed about orders and cases: its touchpoints count without their subject.
        yield (
            customer_id,
            (
                Event(occurred_at, type_id, channel_id, "" if kind == SourceKind.BROWSER else subject, properties)
                for _, occurred_at, type_id, channel_id, subject, properties, kind in own
            ),
        )


def _run(path: Path, *, version: JourneyVersion, customer_id: int, stages: list[Stage]) -> Run:
    return Run(
        version=version,
        customer_id=customer_id,
        subject=path.subject,
        ordinal=path.ordinal,
        current_stage=None if path.current_stage is None else stages[path.current_stage],
        started_at=path.started_at,
        last_at=path.last_at,
        ended_at=path.ended_at,
        end_reason=path.end_reason,
    )


def _passages(path: Path, *, run: Run, stages: list[Stage]) -> Iterator[Passage]:
    for ordinal, visit in enumerate(path.visits, start=1):
        yield Passage(
            run=run,
            stage=stages[visit.stage],
            ordinal=ordinal,
            entered_at=visit.entered_at,
            left_at=visit.left_at,
            touchpoint_count=visit.touchpoint_count,
        )
