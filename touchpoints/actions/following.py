from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from touchpoints.feed import follower_named
from touchpoints.feed_batch import Batch
from touchpoints.models import FollowerPosition, ParkedRow
from touchpoints.sifting import error_of


@transaction.atomic
def reset_follower(*, position: FollowerPosition) -> FollowerPosition:
    """Let it read everything again from the start. What it had read already stays quiet."""
    position = FollowerPosition.objects.select_for_update().get(pk=position.pk)
    ParkedRow.objects.filter(follower=position.name).delete()
    follower = follower_named(position.name)
    if follower and follower.forget:
        follower.forget()
    position.quiet_until_id = max(position.quiet_until_id, position.touchpoint_id)
    position.touchpoint_id = 0
    position.failed_at, position.last_error, position.tries = None, "", 0
    position.save(update_fields=["quiet_until_id", "touchpoint_id", "failed_at", "last_error", "tries"])
    return position


@transaction.atomic
def pause_follower(*, position: FollowerPosition) -> FollowerPosition:
    """Waits for a batch at work; afterwards the follower reads nothing."""
    position = FollowerPosition.objects.select_for_update().get(pk=position.pk)
    position.is_paused = True
    position.save(update_fields=["is_paused"])
    return position


@transaction.atomic
def resume_follower(*, position: FollowerPosition) -> FollowerPosition:
    position = FollowerPosition.objects.select_for_update().get(pk=position.pk)
    position.is_paused, position.failed_at = False, None
    position.save(update_fields=["is_paused", "failed_at"])
    return position


@transaction.atomic
def try_again(*, parked: ParkedRow) -> str:
    """Apply a parked row; empty, or why it failed once more. Waits for a batch of the follower at work."""
    position = FollowerPosition.objects.select_for_update().get(name=parked.follower)
    row = ParkedRow.objects.select_for_update(of=("self",)).select_related("change").filter(pk=parked.pk).first()
    if row is None:
        return ""
    error = _error_of(row, position)
    if error:
        ParkedRow.objects.filter(pk=row.pk).update(error=error, tries=F("tries") + 1)
    else:
        row.delete()
    return error


def _error_of(row: ParkedRow, position: FollowerPosition) -> str:
    follower = follower_named(row.follower)
    if follower is None:
        return gettext("This follower is not there any more.")
    quiet = position.quiet_until_id
    if row.touchpoint_id:
        batch = Batch(row.touchpoint_id - 1, row.touchpoint_id, quiet)
    else:
        batch = Batch(position.touchpoint_id, position.touchpoint_id, quiet, (row.change,) if row.change else ())
    return error_of(follower.apply, batch)
