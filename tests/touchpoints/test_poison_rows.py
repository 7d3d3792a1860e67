"""A row that a follower cannot apply is parked after three tries; the rest goes on and nothing is lost."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from customers.actions import merge_customers
from customers.models import CustomerChange
from tests.factories import make_customer, make_touchpoint, make_user
from touchpoints import feed
from touchpoints.actions import reset_follower
from touchpoints.models import FollowerPosition, ParkedRow
from touchpoints.sifting import MOST_FAILED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_followers")]
NAME = "picky"
PARKED = "/admin/touchpoints/parkedrow/"


class Picky:
    """Applies everything but what is poison."""

    def __init__(self) -> None:
        self.poison: set[int] = set()
        self.poisonous_changes: set[int] = set()
        self.applied: list[int] = []
        self.changes: list[int] = []
        self.calls = 0

    def apply(self, batch: feed.Batch) -> None:
        self.calls += 1
        ids = list(batch.touchpoints().values_list("id", flat=True))
        changes = [change.id for change in batch.changes]
        if self.poison.intersection(ids) or self.poisonous_changes.intersection(changes):
            raise ValueError("poison\nDETAIL: anna@example.org")
        self.applied += ids
        self.changes += changes


@pytest.fixture
def picky() -> Picky:
    picky = Picky()
    feed.register(feed.Follower(NAME, picky.apply))
    return picky


def run(*, times: int = 1) -> None:
    """With the rest between tries."""
    now = timezone.now()
    for number in range(times):
        feed.advance(seconds=1, now=now + timedelta(minutes=number))


def position() -> FollowerPosition:
    return FollowerPosition.objects.get(name=NAME)


def parked() -> list[int | None]:
    return list(ParkedRow.objects.order_by("id").values_list("touchpoint_id", flat=True))


def test_it_parks_the_row_at_the_third_try_and_goes_on(picky: Picky) -> None:
    made = [make_touchpoint().id for _ in range(20)]
    picky.poison = {made[7]}

    run(times=2)
    assert (picky.applied, parked(), position().touchpoint_id) == ([], [], 0)
    run(times=3)

    assert parked() == [made[7]]
    assert picky.applied == [pk for pk in made if pk != made[7]]
    row = ParkedRow.objects.get()
    assert (row.follower, row.error, row.tries) == (NAME, "ValueError: poison", 3)
    assert (position().touchpoint_id, position().tries, position().last_error) == (made[-1], 0, "")


def test_what_comes_later_is_applied_as_ever(picky: Picky) -> None:
    picky.poison = {make_touchpoint().id}
    run(times=3)
    later = make_touchpoint().id
    run()
    assert picky.applied == [later]


def test_others_do_not_notice(picky: Picky) -> None:
    healthy: list[int] = []
    feed.register(feed.Follower("healthy", lambda batch: healthy.extend(row.id for row in batch.touchpoints())))
    picky.poison = {make_touchpoint().id}
    made = make_touchpoint().id
    run(times=3)
    assert healthy == [*picky.poison, made]


def test_a_poisonous_change_is_parked_as_well(picky: Picky) -> None:
    for _time in range(3):
        merge_customers(kept=make_customer(), merged=make_customer(), reason="test")
    changes = list(CustomerChange.objects.order_by("id").values_list("id", flat=True))
    picky.poisonous_changes = {changes[1]}
    made = make_touchpoint().id
    run(times=3)
    assert ParkedRow.objects.get().change_id == changes[1]
    assert picky.changes == [changes[0], changes[2]]
    assert picky.applied == [made]


def test_a_follower_that_fails_for_everything_goes_on_in_bounded_steps(picky: Picky) -> None:
    made = [make_touchpoint().id for _ in range(MOST_FAILED + 5)]
    picky.poison = set(made)
    run(times=12)
    assert parked() == made
    assert position().touchpoint_id == made[-1]


def test_a_database_that_is_away_is_no_fault_of_the_rows() -> None:
    def fail(batch: feed.Batch) -> None:
        raise OperationalError("the connection is lost")

    feed.register(feed.Follower(NAME, fail))
    make_touchpoint()
    run(times=6)
    assert (position().touchpoint_id, position().tries, parked()) == (0, 0, [])


def test_a_button_tries_again(picky: Picky) -> None:
    made = make_touchpoint().id
    picky.poison = {made}
    run(times=3)
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(Role.ADMINISTRATOR))
    address = f"{PARKED}{ParkedRow.objects.get().pk}/try/"

    assert "It failed again: ValueError: poison" in client.post(address, follow=True).content.decode()
    assert ParkedRow.objects.get().tries == 4
    picky.poison = set()
    assert "It is applied now." in client.post(address, follow=True).content.decode()
    assert picky.applied == [made]
    assert not ParkedRow.objects.exists()


def test_many_are_tried_again_at_once(picky: Picky) -> None:
    made = [make_touchpoint().id for _ in range(3)]
    picky.poison = set(made)
    run(times=3)
    picky.poison = {made[1]}
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(Role.ADMINISTRATOR))
    chosen = list(ParkedRow.objects.values_list("pk", flat=True))

    page = client.post(PARKED, {"action": "try_again", "_selected_action": chosen}, follow=True).content.decode()

    assert "2 applied, 1 failed again." in page
    assert parked() == [made[1]]


def test_who_may_only_look_may_not_try(picky: Picky) -> None:
    picky.poison = {make_touchpoint().id}
    run(times=3)
    client = Client()
    client.force_login(make_user(Role.CUSTOMER_SUCCESS))
    assert client.get(PARKED).status_code == 200
    assert client.post(f"{PARKED}{ParkedRow.objects.get().pk}/try/").status_code == 403
    assert ParkedRow.objects.exists()


def test_a_reset_reads_what_was_parked_again(picky: Picky) -> None:
    made = [make_touchpoint().id for _ in range(3)]
    picky.poison = {made[1]}
    run(times=3)
    picky.poison, picky.applied = set(), []
    reset_follower(position=position())
    assert not ParkedRow.objects.exists()
    assert position().share_of_history == 0
    run()
    assert picky.applied == made
    assert position().share_of_history is None


def test_the_pages_tell_of_it(picky: Picky, client: Client) -> None:
    picky.poison = {make_touchpoint().id}
    run(times=3)
    told = client.get("/health/").json()
    assert told["status"] == "degraded"
    assert {it["name"]: it["parked_rows"] for it in told["feed"]["followers"]}[NAME] == 1
    client.force_login(make_user(Role.ADMINISTRATOR))
    assert f'{PARKED}?follower={NAME}">1</a>' in client.get("/admin/touchpoints/followerposition/").content.decode()
    assert f'kundenpfad_follower_parked_rows{{follower="{NAME}"}} 1.0' in client.get("/metrics/").content.decode()
