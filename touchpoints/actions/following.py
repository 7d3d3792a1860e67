from django.db import transaction

from touchpoints.models import FollowerPosition


@transaction.atomic
def reset_follower(*, position: FollowerPosition) -> FollowerPosition:
    """Let it read everything again from the start. What it had read already stays quiet."""
    position = FollowerPosition.objects.select_for_update().get(pk=position.pk)
    position.quiet_until_id = max(position.quiet_until_id, position.touchpoint_id)
    position.touchpoint_id = 0
    position.failed_at, position.last_error = None, ""
    position.save(update_fields=["quiet_until_id", "touchpoint_id", "failed_at", "last_error"])
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
