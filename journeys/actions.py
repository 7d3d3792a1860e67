from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import Customer
from journeys.library import create_draft, library
from journeys.models import Journey, JourneyVersion, Passage, Run
from journeys.models.journey import VersionState
from journeys.models.run import EndReason
from journeys.models.stage import Role
from journeys.runs import rematch

PERSONS_PER_STEP = RUNS_PER_STEP = 1000


@transaction.atomic
def seed_journeys() -> None:
    """Create and publish the journeys of the library that are missing; change nothing that is there."""
    present = set(Journey.objects.values_list("key", flat=True))
    for content in library():
        if content["key"] not in present:
            publish_version(version=create_draft(content), by=None)


@transaction.atomic
def publish_version(*, version: JourneyVersion, by: User | None) -> JourneyVersion:
    """Make a draft the version that is matched; its runs are computed in the background (match_versions)."""
    version = JourneyVersion.objects.select_for_update(of=["self"]).select_related("journey").get(pk=version.pk)
    if version.state != VersionState.DRAFT:
        raise ValidationError(_("Only a draft can be published. Make a new draft from this version."))
    problems = publication_problems(version)
    if problems:
        raise ValidationError(problems)
    JourneyVersion.objects.filter(journey=version.journey, state=VersionState.PUBLISHED).update(
        state=VersionState.RETIRED
    )
    version.state, version.published_at, version.published_by = VersionState.PUBLISHED, timezone.now(), by
    version.matched_until_id = 0
    version.save()
    return version


def publication_problems(version: JourneyVersion) -> list[str]:
    stages = list(version.stages.prefetch_related("expected_touchpoints"))
    if not stages:
        return [_("A journey needs at least one stage.")]
    problems = [
        _("The stage “%(stage)s” cannot be reached: say which touchpoint enters it.") % {"stage": stage}
        for stage in stages
        if not any(expected.role == Role.ENTERS for expected in stage.expected_touchpoints.all())
    ]
    if version.journey.subject_kind and not any(stage.is_subject_start for stage in stages):
        problems.append(
            _("Mark the stage in which the %(kind)s begins.") % {"kind": version.journey.get_subject_kind_display()}
        )
    return problems


@transaction.atomic
def draft_version(*, journey: Journey) -> JourneyVersion:
    """The draft to edit: the one there is, else a copy of the newest version, else an empty first one."""
    Journey.objects.select_for_update().get(pk=journey.pk)
    newest = journey.versions.order_by("-number").first()
    if newest is None:
        return JourneyVersion.objects.create(journey=journey)
    return newest if newest.state == VersionState.DRAFT else draft_from(version=newest)


@transaction.atomic
def draft_from(*, version: JourneyVersion) -> JourneyVersion:
    """A new draft with the stages and rules of a version."""
    if version.journey.versions.filter(state=VersionState.DRAFT).exists():
        raise ValidationError(_("This journey already has a draft. Publish or delete it first."))
    highest = version.journey.versions.aggregate(highest=Max("number"))["highest"]
    draft = JourneyVersion.objects.create(
        journey=version.journey, number=highest + 1, inactivity_days=version.inactivity_days
    )
    draft.end_types.set(version.end_types.all())
    for stage in version.stages.prefetch_related("expected_touchpoints"):
        expected_touchpoints = list(stage.expected_touchpoints.all())
        stage.pk, stage.version = None, draft
        stage.save(force_insert=True)
        for expected in expected_touchpoints:
            expected.pk, expected.stage = None, stage
            expected.save(force_insert=True)
    return draft


@transaction.atomic
def match_next_persons(*, version_id: int) -> bool:
    """Compute the runs of the next persons of a version being published; False when all are done.

    The position moves in the same transaction, so the work can be killed at any point and goes on from there.
    """
    version = (
        JourneyVersion.objects.published()
        .filter(pk=version_id, matched_until_id__isnull=False)
        .select_for_update(of=["self"], skip_locked=True)
        .select_related("journey")
        .first()
    )
    if version is None:
        return False
    persons = Customer.objects.canonical().filter(pk__gt=version.matched_until_id).order_by("pk")
    ids = list(persons.values_list("pk", flat=True)[:PERSONS_PER_STEP])
    if ids:
        rematch(version, customer_ids=ids, now=timezone.now())
    version.matched_until_id = ids[-1] if ids else None
    version.save(update_fields=["matched_until_id"])
    return bool(ids)


@transaction.atomic
def end_inactive_runs(*, now: datetime) -> int:
    """End the open runs in which nothing happened for the days of their version; returns how many."""
    ended = list(Run.objects.inactive(now=now).select_for_update(of=["self"])[:RUNS_PER_STEP])
    for run in ended:
        run.ended_at = run.last_at + timedelta(days=run.version.inactivity_days)
        run.end_reason, run.current_stage = EndReason.INACTIVITY, None
    Run.objects.bulk_update(ended, ["ended_at", "end_reason", "current_stage"])
    run_end = Run.objects.filter(pk=OuterRef("run_id")).values("ended_at")
    Passage.objects.filter(run__in=ended, left_at=None).update(left_at=Subquery(run_end))
    return len(ended)
