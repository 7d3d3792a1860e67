import pytest

from tests.factories import NOW, make_customer, make_user
from touchpoints.actions import seed_vocabulary
from touchpoints.actions.contacts import log_contact, retract_touchpoint
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _vocabulary():
    seed_vocabulary()


def log(by, **fields):
    return log_contact(
        customer=make_customer(), by=by, key="k1", type="call_inbound", occurred_at=NOW, **{"note": "Hello"} | fields
    )


def test_it_writes_down_who_said_what_and_how_it_felt():
    agent = make_user()
    touchpoint = log(agent, valence=-1)
    assert (touchpoint.actor, touchpoint.valence, touchpoint.channel.key) == ("agent", -1, "phone")
    assert touchpoint.properties == {"by": agent.pk, "note": "Hello"}


def test_a_double_click_writes_once():
    agent = make_user()
    assert log(agent) == log(agent)


def test_taking_back_leaves_a_trace_and_no_contact():
    agent = make_user()
    touchpoint = log(agent)
    retract_touchpoint(touchpoint=touchpoint, by=agent)
    retract_touchpoint(touchpoint=touchpoint, by=agent)
    assert Touchpoint.objects.count() == 2
    assert not Touchpoint.objects.current().exists()
