from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from customers.models import CustomerChange
from tests.factories import make_touchpoint
from touchpoints import feed
from touchpoints.models import FollowerPosition, Touchpoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_followers")]


@dataclass
class Recorder:
    """A follower that remembers what it was given."""

    ids: list[int] = field(default_factory=list)
    quiet: list[int] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    batches: list[feed.Batch] = field(default_factory=list)

    def apply(self, batch: feed.Batch) -> None:
        self.batches.append(batch)
        ids = [touchpoint.id for touchpoint in batch.touchpoints()]
        self.ids += ids
        self.quiet += [id for id in ids if batch.is_quiet(id)]
        self.changes += [change.id for change in batch.changes]


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    feed.register(feed.Follower("recorder", recorder.apply))
    return recorder


def test_it_gives_every_touchpoint_once_and_in_order(recorder: Recorder) -> None:
    made = [make_touchpoint().id for _ in range(3)]
    assert feed.catch_up() == 3
    made.append(make_touchpoint().id)
    assert feed.catch_up() == 1
    assert feed.catch_up() == 0

    assert recorder.ids == made


def test_it_gives_changes_of_customers_too(recorder: Recorder) -> None:
    change = CustomerChange.objects.create(kind="erased", customer_pk=1)

    assert feed.catch_up() == 1
    assert feed.catch_up() == 0
    assert recorder.changes == [change.id]


def test_it_limits_batches_by_rows_though_ids_have_gaps() -> None:
    recorder = Recorder()
    feed.register(feed.Follower("recorder", recorder.apply, batch_limit=2))
    made = [make_touchpoint().id for _ in range(6)]
    Touchpoint.objects.filter(id__in=made[1:4]).delete()

    feed.catch_up()

    assert recorder.ids == [made[0], *made[4:]]
    assert [batch.touchpoints().count() for batch in recorder.batches] == [2, 1]


def test_it_gives_waiting_changes_before_touchpoints() -> None:
    recorder = Recorder()
    feed.register(feed.Follower("recorder", recorder.apply, batch_limit=2))
    for number in range(3):
        CustomerChange.objects.create(kind="erased", customer_pk=number)
    make_touchpoint()

    feed.catch_up()

    assert [(len(batch.changes), batch.touchpoints().count()) for batch in recorder.batches] == [(2, 0), (1, 1)]


def test_it_never_overtakes_a_follower_it_reads_after(recorder: Recorder) -> None:
    second = Recorder()
    feed.register(feed.Follower("second", second.apply, reads_after=("recorder",)))
    touchpoint = make_touchpoint()

    assert feed.run_follower("second") == 0
    feed.run_follower("recorder")
    assert feed.run_follower("second") == 1
    assert second.ids == [touchpoint.id]
    assert [follower.name for follower in feed.followers()] == ["recorder", "second"]


def test_it_does_not_move_when_applying_fails() -> None:
    def fail(batch: feed.Batch) -> None:
        raise ArithmeticError

    feed.register(feed.Follower("failing", fail))
    make_touchpoint()

    with pytest.raises(ArithmeticError):
        feed.run_follower("failing")
    assert FollowerPosition.objects.get(name="failing").touchpoint_id == 0


def test_it_refuses_a_second_follower_of_one_name(recorder: Recorder) -> None:
    with pytest.raises(ValueError, match="registered already"):
        feed.register(feed.Follower("recorder", recorder.apply))


def test_it_gives_a_new_follower_history_to_apply_quietly() -> None:
    old = make_touchpoint()
    recorder = Recorder()
    feed.register(feed.Follower("latecomer", recorder.apply))
    feed.enrol_followers()
    new = make_touchpoint()

    feed.catch_up()

    assert recorder.ids == [old.id, new.id]
    assert recorder.quiet == [old.id]
