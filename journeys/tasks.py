from celery import shared_task
from django.utils import timezone

from journeys.actions import end_inactive_runs, match_next_persons
from journeys.models import JourneyVersion


@shared_task
def match_versions() -> None:
    """Go on computing the runs of versions being published."""
    waiting = JourneyVersion.objects.published().filter(matched_until_id__isnull=False)
    for version_id in waiting.values_list("pk", flat=True):
        while match_next_persons(version_id=version_id):
            pass


@shared_task
def end_runs() -> None:
    while end_inactive_runs(now=timezone.now()):
        pass
