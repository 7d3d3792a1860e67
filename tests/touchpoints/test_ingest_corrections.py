import pytest

from customers.models import Customer
from tests.touchpoints.ingesting import Sender, event
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender() -> Sender:
    return Sender.new()


def current() -> set[str]:
    return set(Touchpoint.objects.current().values_list("message_id", flat=True))


def roots() -> dict[str, str]:
    return dict(Touchpoint.objects.values_list("message_id", "replaces"))


def test_a_correction_takes_the_place_of_the_first(sender):
    sender.send(event("a", value=10))
    sender.send(event("b", value=12, replaces="a"))
    assert current() == {"b"}


def test_a_correction_of_a_correction_names_the_first(sender):
    sender.send(event("a"))
    sender.send(event("b", replaces="a"))
    sender.send(event("c", replaces="b"))
    assert roots() == {"a": "", "b": "a", "c": "a"}
    assert current() == {"c"}


def test_a_chain_may_stand_in_one_batch(sender):
    sender.send(event("a"), event("b", replaces="a"), event("c", replaces="b"))
    assert roots() == {"a": "", "b": "a", "c": "a"}


def test_a_correction_may_overtake_what_it_corrects(sender):
    sender.send(event("b", replaces="a"))
    sender.send(event("a"))
    assert current() == {"b"}


def test_without_type_it_retracts(sender):
    sender.send(event("a"), event("b"))
    retraction = {"message_id": "r", "replaces": "a", "occurred_at": "2026-03-03T10:00:00Z"}
    assert sender.items(retraction) == [("created", "")]
    assert current() == {"b"}
    assert Touchpoint.objects.get(message_id="r").customer == Customer.objects.get()


def test_a_retraction_without_customer_must_name_what_is_known(sender):
    Sender.new().send(event("a"))
    retraction = {"message_id": "r", "replaces": "a", "occurred_at": "2026-03-03T10:00:00Z"}
    assert sender.items(retraction) == [("rejected", "unknown_replaced")]


def test_nothing_makes_a_ring(sender):
    sender.send(event("a", replaces="b"), event("b", replaces="a"), event("c", replaces="c"))
    assert Touchpoint.objects.count() == 3


@pytest.mark.parametrize("missing", ["type", "customer"])
def test_only_a_correction_may_leave_out_type_or_customer(sender, missing):
    incomplete = event()
    del incomplete[missing]
    assert sender.items(incomplete) == [("rejected", "invalid")]
