"""An unknown name turns out to mean what is known already: everything that depends on it follows, quietly, and back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from journeys.actions import seed_journeys
from journeys.models import Run
from journeys.tasks import match_versions
from surveys.models import Invitation
from tests.factories import NOW, make_customer, make_source, make_touchpoint, make_type, make_write_key
from tests.surveys.factories import make_campaign
from touchpoints import feed
from touchpoints.actions import rereading, seed_vocabulary
from touchpoints.actions.vocabulary import classify_type, merge_type, undo_type_merge
from touchpoints.models import Channel, FollowerPosition, Message, Rereading, Subject, TouchpointType
from touchpoints.tasks import read_again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _vocabulary():
    seed_vocabulary()


@pytest.fixture
def bought():
    """What a shop calls it; nobody has told us yet that it is an order."""
    type = make_type("Kauf abgeschlossen", state="new")
    customer = make_customer()
    at = timezone.now() - timedelta(hours=1)
    fields = {"subject": "order:7", "value": "49.90", "currency": "EUR", "occurred_at": at, "source": make_source()}
    make_touchpoint(customer, type=type.key, **fields)
    feed.catch_up()
    return type


@pytest.fixture
def order_placed():
    return TouchpointType.objects.get(key="order_placed")


def runs():
    return list(Run.objects.values_list("version__journey__key", "subject", "current_stage__key"))


def test_merging_makes_an_order_of_it_and_undoing_takes_it_back(bought, order_placed):
    assert not Subject.objects.exists()

    merge_type(type=bought, into=order_placed)
    read_again()
    order = Subject.objects.get()
    assert (order.key, order.state, str(order.value)) == ("7", "placed", "49.9000")
    assert bought.touchpoints.count() == 1  # they keep what they came as

    undo_type_merge(type=bought)
    read_again()
    assert not Subject.objects.exists()
    assert TouchpointType.objects.waiting().get() == bought


def test_journeys_follow(bought, order_placed):
    seed_journeys()
    match_versions()
    before = runs()

    merge_type(type=bought, into=order_placed)
    read_again()
    assert [run for run in runs() if run[1] == "order:7"]

    undo_type_merge(type=bought)
    read_again()
    assert runs() == before


def test_nobody_is_invited_and_no_mail_goes(bought, order_placed):
    make_campaign(trigger_type=order_placed, activated_at=timezone.now() - timedelta(days=1))
    merge_type(type=bought, into=order_placed)
    read_again()
    feed.catch_up()
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()

    make_touchpoint(type=bought.key, subject="order:8", occurred_at=timezone.now())
    feed.catch_up()
    assert Invitation.objects.get().subject == "order:8"  # what comes from now on is an order


def test_it_asks_no_more_than_those_who_read_the_vocabulary(bought, order_placed):
    merge_type(type=bought, into=order_placed)
    assert set(Rereading.objects.values_list("follower", flat=True)) == {"subjects", "journeys"}
    assert not Rereading.objects.filter(finished_at__isnull=False).exists()
    read_again()
    assert not Rereading.objects.unfinished().exists()
    assert read_again() == 0


def test_it_goes_step_by_step_and_says_how_far(bought, order_placed, monkeypatch):
    monkeypatch.setattr(rereading, "IDS_PER_STEP", 1)
    last = make_touchpoint(type=bought.key, subject="order:9")
    feed.catch_up()
    merge_type(type=bought, into=order_placed)
    rereading.continue_rereadings(seconds=0, now=timezone.now())
    assert {row.share for row in Rereading.objects.all()} == {0.0}

    Rereading.objects.update(touchpoint_id=last.pk - 1)
    assert all(0 < row.share < 1 for row in Rereading.objects.all())
    assert read_again() == 2
    assert set(Subject.objects.values_list("key", flat=True)) == {"9"}
    assert {row.share for row in Rereading.objects.all()} == {1.0}


def test_a_paused_follower_reads_later(bought, order_placed):
    FollowerPosition.objects.filter(name="subjects").update(is_paused=True)
    merge_type(type=bought, into=order_placed)
    read_again()
    assert Rereading.objects.unfinished().get().follower == "subjects"
    FollowerPosition.objects.update(is_paused=False)
    read_again()
    assert Subject.objects.exists()


def test_a_merge_of_a_merged_one_reaches_the_end_and_comes_apart_one_by_one(bought, order_placed):
    other = make_type("purchase", state="new")
    merge_type(type=bought, into=other)
    merge_type(type=other, into=order_placed)
    bought.refresh_from_db()
    assert bought.canonical == order_placed

    undo_type_merge(type=other)
    bought.refresh_from_db()
    assert bought.canonical == other


@pytest.mark.parametrize(
    ("type", "into"),
    [("order_placed", "Kauf abgeschlossen"), ("Kauf abgeschlossen", "Kauf abgeschlossen"), ("merged", "order_placed")],
)
def test_it_refuses_what_makes_no_sense(bought, type, into):
    merge_type(type=make_type("merged"), into=bought)
    find = TouchpointType.objects.get
    with pytest.raises(ValidationError):
        merge_type(type=find(key=type), into=find(key=into))
    with pytest.raises(ValidationError):
        merge_type(type=bought, into=find(key="merged"))
    with pytest.raises(ValidationError):
        undo_type_merge(type=bought)


def test_a_channel_given_later_counts_for_what_came_without(bought, order_placed):
    seed_journeys()
    match_versions()
    store = Channel.objects.get(key="store")
    classify_type(type=bought, phase="purchase", channel=store, label_de="Gekauft")
    assert set(Rereading.objects.values_list("follower", flat=True)) == {"subjects", "journeys"}
    touchpoint = bought.touchpoints.select_related("type__canonical__channel").get()
    assert (touchpoint.channel, touchpoint.way) == (None, store)
    assert not TouchpointType.objects.waiting().exists()


def test_new_words_alone_compute_nothing_again(bought):
    classify_type(type=bought, label_de="Gekauft", default_valence=1, phase="purchase")
    assert not Rereading.objects.exists()


def test_one_name_never_means_two_types(bought, order_placed):
    order_placed.aliases.append(bought.key)
    with pytest.raises(ValidationError, match="Kauf abgeschlossen"):
        order_placed.full_clean()


def test_what_arrives_is_counted_with_its_newest(bought):
    for number in range(6):
        make_touchpoint(type=bought.key, received_at=NOW + timedelta(minutes=number))
    feed.catch_up()
    use = bought.use
    assert (use.arrivals, len(use.newest)) == (7, 5)
    assert use.newest[0] == bought.touchpoints.latest("id").pk


def test_a_name_that_arrives_after_the_merge_is_read_as_the_other(client, bought, order_placed):
    merge_type(type=bought, into=order_placed)
    event = {
        "message_id": "late", "type": bought.key, "customer": {"user_id": "u"}, "subject": "order:10",
        "occurred_at": timezone.now().isoformat(),
    }  # fmt: skip
    answer = client.post(
        "/api/v1/touchpoints/batch", {"touchpoints": [event]}, content_type="application/json",
        headers={"Authorization": f"Bearer {make_write_key()}"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    feed.catch_up()
    assert Subject.objects.get(key="10").state == "placed"
    assert bought.touchpoints.get(message_id="late").way == order_placed.channel
