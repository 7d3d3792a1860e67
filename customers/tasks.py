"""Beat wakes these; they look into the database for work (config/celery.py)."""

from celery import shared_task
from django.utils import timezone

from accounts.acting import acting
from customers import actions
from customers.actions import compare_next
from customers.actions.importing import forget_imports
from customers.actions.working import work_on_imports

# Short, so that a large file leaves the worker free for the other ticks.
TICK_SECONDS = 4


@shared_task
def run_imports() -> int:
    return work_on_imports(seconds=TICK_SECONDS)


@shared_task
def forget_old_imports() -> int:
    return forget_imports(now=timezone.now())


@shared_task
@acting(bulk=True)
def compare_records() -> None:
    """One bounded step a tick: a million imported people are compared in hours and disturb nobody."""
    compare_next()


@shared_task
def finish_erasures() -> int:
    """Those that a crash interrupted."""
    return actions.finish_erasures()


@shared_task
def apply_retention() -> dict[str, int]:
    return actions.apply_retention(now=timezone.now())
