"""Which way a person took: turns touchpoints in order into runs and passages. Pure; knows no database.

A run begins with a touchpoint that enters a stage. In a run a touchpoint may enter another stage (also one further
back), happen inside the current one, or leave it. A run ends by an end type or by inactivity; the next entering
touchpoint begins a new one. A touchpoint that no rule of the journey names does not count, also not as activity.

In a journey per subject every subject has runs of its own. Touchpoints without a subject that belong to stages before
the subject's start wait for the next subject of the person (its lead-in); those of later stages belong to the subject
begun last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

END_RULE, INACTIVITY = "end_rule", "inactivity"


class Event(NamedTuple):
    """A current touchpoint; `subject` is empty or `kind:key`."""

    occurred_at: datetime
    type_id: int
    channel_id: int | None = None
    subject: str = ""
    properties: Mapping[str, Any] = {}


class Rule(NamedTuple):
    """One expected touchpoint of the stage at `stage` (its index in the order of stages)."""

    stage: int
    role: str
    channel_id: int | None = None
    conditions: Mapping[str, Any] = {}

    def matches(self, event: Event) -> bool:
        if self.channel_id is not None and self.channel_id != event.channel_id:
            return False
        return all(event.properties.get(name) == value for name, value in self.conditions.items())


@dataclass(frozen=True)
class Template:
    """What matching needs of a journey version. `subject_start` is the index of the stage where a subject begins."""

    rules: Mapping[int, Sequence[Rule]]
    inactivity: timedelta
    end_types: frozenset[int] = frozenset()
    subject_kind: str = ""
    subject_start: int = 0

    def matching_rules(self, event: Event) -> list[Rule]:
        return [rule for rule in self.rules.get(event.type_id, ()) if rule.matches(event)]

    def counts(self, event: Event) -> bool:
        return event.type_id in self.end_types or bool(self.matching_rules(event))


@dataclass
class Visit:
    """Time in one stage; `left_at` is None while the person is still there."""

    stage: int
    entered_at: datetime
    left_at: datetime | None = None
    touchpoint_count: int = 1


@dataclass
class Path:
    """One run: its visits in order."""

    started_at: datetime
    last_at: datetime
    subject: str = ""
    ordinal: int = 1
    ended_at: datetime | None = None
    end_reason: str = ""
    visits: list[Visit] = field(default_factory=list)

    @property
    def current_stage(self) -> int | None:
        return self.visits[-1].stage if self.visits and self.visits[-1].left_at is None else None

    def leave(self, moment: datetime) -> None:
        if self.current_stage is not None:
            self.visits[-1].left_at = moment

    def end(self, moment: datetime, *, reason: str) -> None:
        self.leave(moment)
        self.ended_at, self.end_reason = moment, reason


def match(events: Iterable[Event], template: Template, *, now: datetime) -> list[Path]:
    """All runs of one person. `events` are the person's current touchpoints in order of (occurred_at, id)."""
    paths: list[Path] = []
    for subject, own_events in _by_subject(events, template):
        paths.extend(_walk(own_events, template, subject=subject, now=now))
    ordinals: dict[str, int] = {}
    for path in paths:
        path.ordinal = ordinals[path.subject] = ordinals.get(path.subject, 0) + 1
    return paths


def _walk(events: Sequence[Event], template: Template, *, subject: str, now: datetime) -> Iterator[Path]:
    path: Path | None = None
    for event in events:
        if path and event.occurred_at - path.last_at > template.inactivity:
            path.end(path.last_at + template.inactivity, reason=INACTIVITY)
            yield path
            path = None
        path = _step(path, event, template, subject=subject)
        if path and event.type_id in template.end_types:
            path.end(event.occurred_at, reason=END_RULE)
            yield path
            path = None
    if path:
        if now - path.last_at > template.inactivity:
            path.end(path.last_at + template.inactivity, reason=INACTIVITY)
        yield path


def _step(path: Path | None, event: Event, template: Template, *, subject: str) -> Path | None:
    rules = template.matching_rules(event)
    current = path.current_stage if path else None
    entered = _entered_stage(rules, current)
    if path is None:
        if entered is None:
            return None
        path = Path(started_at=event.occurred_at, last_at=event.occurred_at, subject=subject)
    path.last_at = event.occurred_at
    if entered is not None and entered != current:
        path.leave(event.occurred_at)
        path.visits.append(Visit(stage=entered, entered_at=event.occurred_at))
    elif any(rule.stage == current for rule in rules):
        path.visits[-1].touchpoint_count += 1
        if any(rule.stage == current and rule.role == "leaves" for rule in rules):
            path.leave(event.occurred_at)
    return path


def _entered_stage(rules: Sequence[Rule], current: int | None) -> int | None:
    """The current stage keeps what may happen in it; else the next stage ahead that is entered, else the first."""
    if any(rule.stage == current and rule.role != "leaves" for rule in rules):
        return current
    stages = [rule.stage for rule in rules if rule.role == "enters"]
    ahead = [stage for stage in stages if current is None or stage > current]
    return min(ahead or stages, default=None)


def _by_subject(events: Iterable[Event], template: Template) -> list[tuple[str, list[Event]]]:
    counted = [event for event in events if template.counts(event)]
    if not template.subject_kind:
        return [("", counted)]
    lanes = _Lanes(template)
    for event in counted:
        lanes.take(event)
    return [("", lead_in) for lead_in in (*lanes.lead_ins, lanes.waiting) if lead_in] + list(lanes.by_subject.items())


class _Lanes:
    """The events of one person, parted by subject; `waiting` is the lead-in of a subject not yet begun."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.by_subject: dict[str, list[Event]] = {}
        self.lead_ins: list[list[Event]] = []
        self.waiting: list[Event] = []

    def take(self, event: Event) -> None:
        if self.waiting and event.occurred_at - self.waiting[-1].occurred_at > self.template.inactivity:
            self.lead_ins.append(self.waiting)
            self.waiting = []
        if event.subject:
            self._take_with_subject(event)
        elif self._is_lead_in(event):
            self.waiting.append(event)
        elif self.by_subject:
            latest = next(reversed(self.by_subject))
            self.by_subject[latest].append(event)

    def _take_with_subject(self, event: Event) -> None:
        if event.subject.partition(":")[0] != self.template.subject_kind:
            return
        if event.subject not in self.by_subject:
            self.by_subject[event.subject], self.waiting = self.waiting, []
        self.by_subject[event.subject].append(event)

    def _is_lead_in(self, event: Event) -> bool:
        stages = [rule.stage for rule in self.template.matching_rules(event)]
        return bool(stages) and min(stages) < self.template.subject_start
