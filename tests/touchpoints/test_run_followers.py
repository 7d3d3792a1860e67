from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_touchpoint
from touchpoints import feed
from touchpoints.actions import pause_follower, reset_follower, resume_follower
from touchpoints.models import FollowerPosition
from touchpoints.tasks import run_followers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_followers")]


@pytest.fixture
def applied() -> list[int]:
    """Ids a healthy follower was given, with a minus where they were quiet."""
    applied: list[int] = []

    def apply(batch: feed.Batch) -> None:
        applied.extend(-row.id if batch.is_quiet(row.id) else row.id for row in batch.touchpoints())

    feed.register(feed.Follower("healthy", apply, batch_limit=2))
    return applied


def test_it_runs_until_nothing_is_left(applied: list[int]) -> None:
    made = [make_touchpoint().id for _ in range(5)]

    assert run_followers() == 5
    assert applied == made


def test_it_shows_a_failure_and_lets_the_others_go_on(applied: list[int]) -> None:
    def fail(batch: feed.Batch) -> None:
        raise ValueError("poison\nDETAIL: anna@example.org")

    feed.register(feed.Follower("ailing", fail))
    touchpoint = make_touchpoint()

    run_followers()

    ailing = FollowerPosition.objects.get(name="ailing")
    assert ailing.last_error == "ValueError: poison"
    assert ailing.touchpoint_id == 0
    assert applied == [touchpoint.id]


def test_it_tries_a_failed_follower_again_after_a_rest() -> None:
    tries: list[int] = []

    def fail_once(batch: feed.Batch) -> None:
        tries.append(batch.until_id)
        if len(tries) == 1:
            raise ValueError

    feed.register(feed.Follower("ailing", fail_once))
    make_touchpoint()
    now = timezone.now()

    feed.advance(seconds=1, now=now)
    feed.advance(seconds=1, now=now)
    assert len(tries) == 1
    feed.advance(seconds=1, now=now + timedelta(minutes=1))
    assert len(tries) == 2
    assert FollowerPosition.objects.get(name="ailing").last_error == ""


def test_it_pauses_and_resumes(applied: list[int]) -> None:
    run_followers()
    position = pause_follower(position=FollowerPosition.objects.get(name="healthy"))
    touchpoint = make_touchpoint()

    run_followers()
    assert applied == []
    resume_follower(position=position)
    run_followers()
    assert applied == [touchpoint.id]


def test_it_reads_everything_again_quietly_after_a_reset(applied: list[int]) -> None:
    first = make_touchpoint().id
    run_followers()
    waiting = make_touchpoint().id
    position = reset_follower(position=FollowerPosition.objects.get(name="healthy"))
    reset_follower(position=position)

    run_followers()

    assert applied == [first, -first, waiting]
