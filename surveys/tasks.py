"""Beat wakes these; they look into the database for work (config/celery.py)."""

from celery import shared_task
from django.utils import timezone

from surveys import actions


@shared_task
def queue_due_invitations() -> int:
    return actions.queue_due_invitations(now=timezone.now())


@shared_task
def expire_invitations() -> int:
    return actions.expire_invitations(now=timezone.now())
