"""Beat wakes these every second; they look into the database for work (config/celery.py)."""

from celery import shared_task
from django.utils import timezone

from touchpoints import feed
from touchpoints.actions import send_due_messages
from touchpoints.actions.calling import call_webhooks as call_due_webhooks
from touchpoints.actions.opt_in import queue_opt_ins
from touchpoints.actions.rereading import continue_rereadings

# Short, so that a long backlog leaves the worker free for the other ticks.
TICK_SECONDS = 2


@shared_task
def run_followers() -> int:
    return feed.advance(seconds=TICK_SECONDS, now=timezone.now())


@shared_task
def read_again() -> int:
    return continue_rereadings(seconds=TICK_SECONDS, now=timezone.now())


@shared_task
def send_messages() -> int:
    return send_due_messages(seconds=TICK_SECONDS)


@shared_task
def call_webhooks() -> int:
    return call_due_webhooks(seconds=TICK_SECONDS)


@shared_task
def queue_opt_in_mails() -> int:
    return queue_opt_ins(now=timezone.now())
