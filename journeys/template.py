"""The template that matching reads, from the rows of a journey version."""

from datetime import timedelta

from journeys.matching import Rule, Template
from journeys.models import JourneyVersion, Stage


def stages_of(version: JourneyVersion) -> list[Stage]:
    return list(version.stages.order_by("position").prefetch_related("expected_touchpoints__type"))


def template_of(version: JourneyVersion, stages: list[Stage]) -> Template:
    """`Rule.stage` and `subject_start` are indexes into `stages`; types are those that merged ones stand for."""
    rules: dict[int, list[Rule]] = {}
    for index, stage in enumerate(stages):
        for expected in stage.expected_touchpoints.all():
            rule = Rule(index, expected.role, expected.channel_id, expected.conditions)
            rules.setdefault(expected.type.canonical_id or expected.type_id, []).append(rule)
    return Template(
        rules=rules,
        inactivity=timedelta(days=version.inactivity_days),
        end_types=frozenset(version.end_types.values_list("canonical_id", flat=True)),
        subject_kind=version.journey.subject_kind,
        subject_start=next((index for index, stage in enumerate(stages) if stage.is_subject_start), 0),
    )
