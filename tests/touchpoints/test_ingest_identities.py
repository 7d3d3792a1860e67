import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.actions import merge_customers, undo_merge
from customers.models import Customer, Identity, Merge
from tests.touchpoints.ingesting import Sender, event
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Sender:
    return Sender.new()


@pytest.fixture
def browser() -> Sender:
    return Sender.new(kind="browser")


def customer_of(message_id: str) -> Customer:
    return Touchpoint.objects.get(message_id=message_id).customer


def test_an_anonymous_visitor_becomes_known_at_login(server, browser):
    browser.send(event("visit", customer={"anonymous_id": "d1"}))
    assert not customer_of("visit").is_known
    server.send(event("login", customer={"anonymous_id": "d1", "user_id": "u1"}))
    assert customer_of("visit").is_known
    assert customer_of("login") == customer_of("visit")


def test_what_a_browser_claims_is_never_written_to_until_a_server_confirms_it(server, browser):
    claimed = {"anonymous_id": "d1", "email": "anna@example.com"}
    browser.send(event("newsletter", customer=claimed))
    assert not Identity.objects.mailable().exists()
    server.send(event("order", customer={"user_id": "u1", "email": "anna@example.com"}))
    assert Identity.objects.mailable().get().customer == customer_of("newsletter")
    assert customer_of("order") == customer_of("newsletter")


def test_a_claim_of_a_browser_gives_way_to_a_server(server, browser):
    server.send(event("victim", customer={"user_id": "victim"}), event("thief", customer={"user_id": "thief"}))
    browser.send(event("claim", customer={"user_id": "victim", "email": "thief@example.com"}))
    server.send(event("proof", customer={"user_id": "thief", "email": "thief@example.com"}))
    assert Identity.objects.get(kind="email").customer == customer_of("thief")
    assert Identity.objects.get(kind="email").is_trusted
    assert customer_of("victim").canonical != customer_of("thief").canonical


def test_two_users_of_one_device_stay_two(browser):
    browser.send(
        event("a", customer={"anonymous_id": "d1", "user_id": "u1"}),
        event("b", customer={"anonymous_id": "d1", "user_id": "u2"}),
    )
    assert customer_of("a") != customer_of("b")
    assert Identity.objects.get(kind="anonymous_id").customer == customer_of("a")


def test_identities_meet_within_one_batch(server):
    server.send(
        event("a", customer={"anonymous_id": "d1"}),
        event("b", customer={"anonymous_id": "d1", "email": "Anna@example.com"}),
        event("c", customer={"email": "anna@EXAMPLE.com"}),
    )
    assert Customer.objects.count() == 1


def test_phone_numbers_are_completed_by_the_country_of_the_brand(server):
    server.source.brand.country = "AT"
    server.source.brand.save()
    server.send(event(customer={"phone": "01 234567890"}))
    assert Identity.objects.get().value == "+431234567890"


def test_an_anonymous_history_joins_the_known_customer(server, browser):
    server.send(event("order", customer={"user_id": "u1"}))
    browser.send(event("visit", customer={"anonymous_id": "d1"}))
    browser.send(event("login", customer={"anonymous_id": "d1", "user_id": "u1"}))
    assert customer_of("login") == customer_of("order")
    assert customer_of("visit") != customer_of("order")
    assert customer_of("visit").canonical == customer_of("order")


def test_a_server_merges_two_customers_with_one_loyalty_card(server):
    server.send(event("shop", customer={"user_id": "u1"}), event("store", customer={"loyalty_card": "c9"}))
    server.send(event("both", customer={"user_id": "u1", "loyalty_card": "c9"}))
    assert customer_of("store").canonical == customer_of("shop")
    assert Merge.objects.get().reason == "loyalty_card of one event"


def test_a_browser_merges_no_known_customers(server, browser):
    server.send(event("a", customer={"user_id": "u1"}), event("b", customer={"email": "b@example.com"}))
    browser.send(event("claim", customer={"user_id": "u1", "email": "b@example.com"}))
    assert customer_of("claim") == customer_of("a")
    assert not Merge.objects.exists()


def test_what_staff_took_apart_stays_apart(server):
    server.send(event("shop", customer={"user_id": "u1"}), event("store", customer={"loyalty_card": "c9"}))
    server.send(event("both", customer={"user_id": "u1", "loyalty_card": "c9"}))
    undo_merge(merge=Merge.objects.get())
    server.send(event("again", customer={"user_id": "u1", "loyalty_card": "c9"}))
    assert customer_of("store").canonical != customer_of("shop").canonical


def test_what_staff_took_apart_stays_apart_in_a_chain(server):
    """A and B were taken apart; a source that names A with C must not bring B back, because C is one with B."""
    server.send(
        event("a", customer={"user_id": "a"}),
        event("b", customer={"loyalty_card": "b"}),
        event("c", customer={"email": "c@shop.example"}),
    )
    server.send(event("ab", customer={"user_id": "a", "loyalty_card": "b"}))
    undo_merge(merge=Merge.objects.get())
    server.send(event("bc", customer={"loyalty_card": "b", "email": "c@shop.example"}))
    server.send(event("ac", customer={"user_id": "a", "email": "c@shop.example"}))

    assert customer_of("b").canonical == customer_of("c").canonical
    assert customer_of("a").canonical != customer_of("c").canonical
    assert customer_of("ac") == customer_of("a")


def test_a_chain_within_one_batch_stays_apart_too(server):
    server.send(event("a", customer={"user_id": "a"}), event("b", customer={"loyalty_card": "b"}))
    server.send(event("ab", customer={"user_id": "a", "loyalty_card": "b"}))
    undo_merge(merge=Merge.objects.get())
    server.send(event("c", customer={"email": "c@shop.example"}))
    server.send(
        event("ac", customer={"user_id": "a", "email": "c@shop.example"}),
        event("bc", customer={"loyalty_card": "b", "email": "c@shop.example"}),
    )

    assert customer_of("a").canonical == customer_of("c").canonical
    assert customer_of("a").canonical != customer_of("b").canonical


def test_what_staff_merged_again_is_one_for_machines_too(server):
    server.send(event("a", customer={"user_id": "a"}), event("b", customer={"loyalty_card": "b"}))
    server.send(event("ab", customer={"user_id": "a", "loyalty_card": "b"}))
    undo_merge(merge=Merge.objects.get())
    merge_customers(kept=customer_of("a"), merged=customer_of("b"), reason="asked them")
    server.send(event("c", customer={"email": "c@shop.example"}))
    server.send(event("bc", customer={"loyalty_card": "b", "email": "c@shop.example"}))

    assert len({customer_of(name).canonical_id for name in "abc"}) == 1


def test_a_browser_joins_a_device_to_one_customer_only(server, browser):
    """The device of a household: whoever logs in first has it."""
    server.send(event("a", customer={"user_id": "a"}), event("b", customer={"user_id": "b"}))
    browser.send(event("visit", customer={"anonymous_id": "d"}))
    browser.send(event("login a", customer={"anonymous_id": "d", "user_id": "a"}))
    browser.send(event("login b", customer={"anonymous_id": "d", "user_id": "b"}))

    assert customer_of("visit").canonical == customer_of("a").canonical
    assert customer_of("login b") == customer_of("b")
    assert Merge.objects.count() == 1


def test_undoing_a_merge_leaves_the_anonymous_visitor_anonymous(server, browser):
    server.send(event("order", customer={"user_id": "u1"}))
    browser.send(event("visit", customer={"anonymous_id": "d1"}))
    browser.send(event("login", customer={"anonymous_id": "d1", "user_id": "u1"}))
    undo_merge(merge=Merge.objects.get())

    assert not customer_of("visit").is_known
    assert customer_of("visit").is_canonical


@pytest.mark.parametrize("size", [10, 500])
def test_the_identities_of_a_batch_take_four_statements_whatever_its_size(server, browser, size):
    """With all there is at once: new people, merges of known ones, visitors who log in, claims that are confirmed."""
    people = range(size // 5)
    server.send(*(event(f"user {it}", customer={"user_id": f"u{it}"}) for it in people))
    server.send(*(event(f"card {it}", customer={"loyalty_card": f"c{it}"}) for it in people))
    browser.send(*(event(f"visit {it}", customer={"anonymous_id": f"d{it}"}) for it in people))
    browser.send(
        *(event(f"claim {it}", customer={"user_id": f"u{it}", "email": f"{it}@shop.example"}) for it in people)
    )
    batch = [
        event(f"{name} {it}", customer=customer)
        for it in people
        for name, customer in {
            "new": {"user_id": f"new {it}", "anonymous_id": f"new {it}"},
            "merge": {"user_id": f"u{it}", "loyalty_card": f"c{it}"},
            "login": {"user_id": f"u{it}", "anonymous_id": f"d{it}"},
            "confirm": {"user_id": f"u{it}", "email": f"{it}@shop.example"},
            "phone": {"phone": f"+4930{it + 100_000}", "anonymous_id": f"new {it}"},
        }.items()
    ]

    with CaptureQueriesContext(connection) as queries:
        assert server.send(*batch).status_code == 200

    about_customers = [it["sql"] for it in queries if "customers_" in it["sql"] or "hold_people" in it["sql"]]
    assert len(about_customers) == 4
    assert Merge.objects.count() == 2 * len(people)
