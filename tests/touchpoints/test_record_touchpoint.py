from datetime import timedelta

import pytest

from tests.factories import NOW, make_customer, make_touchpoint
from touchpoints.actions import record_touchpoint, seed_vocabulary
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _vocabulary():
    seed_vocabulary()


def record(message_id="a", **fields):
    defaults = {"source": "staff", "type": "call_inbound", "customer": make_customer(), "occurred_at": NOW}
    return record_touchpoint(message_id=message_id, **defaults | fields)


def test_it_takes_the_usual_channel_of_the_type():
    assert record().channel.key == "phone"


def test_it_records_the_same_message_once():
    assert record() == record()
    assert Touchpoint.objects.count() == 1


def test_it_keeps_whole_milliseconds():
    moment = NOW + timedelta(microseconds=1999)
    assert record(occurred_at=moment).occurred_at == NOW + timedelta(milliseconds=1)


def test_current_shows_the_last_of_a_chain():
    record("first")
    record("second", replaces="first")
    last = record("third", replaces="first")

    assert list(Touchpoint.objects.current()) == [last]


def test_current_follows_a_correction_that_overtook_the_one_it_corrects():
    record("first")
    last = record("third", replaces="second")
    record("second", replaces="first")

    assert list(Touchpoint.objects.current()) == [last]


def test_current_leaves_out_what_was_retracted():
    first = record("first")
    kept = record("other")
    make_touchpoint(source=first.source, type=None, replaces="first")

    assert list(Touchpoint.objects.current()) == [kept]


def test_a_correction_reaches_only_its_own_source():
    first = record("first")
    record("x", source="kundenpfad", type="mail_sent", replaces="first")

    assert first in Touchpoint.objects.current()
