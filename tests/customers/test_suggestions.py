"""Who is suggested as one person, and who is not."""

import pytest
from django.db import connection, transaction

from customers.actions import compare_next, decide, merge_customers, undo_merge
from customers.candidates import FIND, candidates
from customers.models import Comparison, Customer, Merge, MergeSuggestion
from customers.models.suggestion import Decision
from tests.factories import make_customer, make_user
from tests.touchpoints.ingesting import Sender, event
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db
COMPANY = {"kind": "company", "given_name": "", "family_name": "", "salutation": ""}
HOME = {"street": "Hauptstraße 5", "postal_code": "10115"}


def suggested() -> list[tuple[int, int, list[str]]]:
    while compare_next():
        pass
    return list(MergeSuggestion.objects.order_by("id").values_list("one", "other", "reasons"))


def customer_of(message_id: str) -> Customer:
    return Touchpoint.objects.get(message_id=message_id).customer


def a_pair() -> MergeSuggestion:
    make_customer(given_name="Thea", family_name="Kaltenbrunner")
    make_customer(given_name="Thea", family_name="Kaltenbruner")
    assert len(suggested()) == 1
    return MergeSuggestion.objects.get()


@pytest.fixture
def server() -> Sender:
    return Sender.new()


@pytest.fixture
def browser() -> Sender:
    return Sender.new(kind="browser")


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({"family_name": "Kaltenbrunner"}, {"family_name": "Kaltenbruner"}, ["name"]),
        ({"family_name": "Müller-Straße"}, {"family_name": "Mueller-Strasse"}, ["name"]),
        (HOME, HOME | {"street": "Hauptstr. 5"}, ["address", "name"]),
        (HOME | {"given_name": "A."}, HOME, ["address", "name"]),
        (
            {
                "kind": "company",
                "given_name": "",
                "family_name": "",
                "salutation": "",
                "company_name": "Musterbau GmbH",
            },
            {
                "kind": "company",
                "given_name": "",
                "family_name": "",
                "salutation": "",
                "company_name": "Musterbau Gmbh",
            },
            ["name"],
        ),
    ],
)
def test_it_suggests_who_is_alike(one, other, reasons):
    first, second = make_customer(**one), make_customer(**other)
    assert suggested() == [(first.pk, second.pk, reasons)]


@pytest.mark.parametrize(
    "other",
    [
        {"given_name": "Petra", "family_name": "Schmidt"} | HOME,
        {"given_name": "Peter", "family_name": "Müller"},
        {"kind": "company", "company_name": "Anna Müller"},
        {"is_known": False},
        {"given_name": "", "family_name": ""},
    ],
)
def test_it_does_not_suggest(other):
    make_customer(**HOME)
    make_customer(**other)
    assert suggested() == []


def test_a_name_that_many_bear_is_no_reason_by_itself():
    for _ in range(5):
        make_customer()
    assert suggested() == []
    one, other = make_customer(**HOME), make_customer(**HOME)
    assert suggested() == [(one.pk, other.pk, ["address", "name"])]


# behaviour: “a shared device or a family address only makes a suggestion for staff”.
def test_a_family_address_is_only_suggested():
    anna = make_customer(**HOME)
    peter = make_customer(given_name="Peter", salutation="herr", **HOME)
    assert suggested() == [(anna.pk, peter.pk, ["address"])]
    assert not Merge.objects.exists()


def test_a_shared_device_is_only_suggested(browser):
    browser.send(
        event("a", customer={"anonymous_id": "d1", "user_id": "u1"}),
        event("b", customer={"anonymous_id": "d1", "user_id": "u2"}),
    )
    assert suggested() == [(customer_of("a").pk, customer_of("b").pk, ["device"])]
    assert not Merge.objects.exists()


def test_a_shared_phone_is_only_suggested(server):
    server.send(
        event("a", customer={"user_id": "u1", "phone": "+49301234567"}),
        event("b", customer={"user_id": "u2", "phone": "+49301234567"}),
    )
    assert suggested() == [(customer_of("a").pk, customer_of("b").pk, ["phone"])]
    assert not Merge.objects.exists()


def test_what_a_browser_claims_of_two_is_only_suggested(server, browser):
    server.send(
        event("a", customer={"user_id": "u1"}), event("b", customer={"user_id": "u2", "email": "b@example.org"})
    )
    browser.send(event("claim", customer={"user_id": "u1", "email": "b@example.org"}))
    assert suggested() == [(customer_of("a").pk, customer_of("b").pk, ["identifier"])]
    assert not Merge.objects.exists()


def test_proven_people_are_merged_and_not_suggested(server):
    server.send(
        event("a", customer={"user_id": "u1"}), event("b", customer={"email": "a@example.org"}),
        event("c", customer={"user_id": "u1", "email": "a@example.org"}),
    )  # fmt: skip
    assert Merge.objects.count() == 1
    assert suggested() == []


def test_a_device_seen_again_and_again_is_noted_once(browser):
    both = [
        event("a", customer={"anonymous_id": "d1", "user_id": "u1"}),
        event("b", customer={"anonymous_id": "d1", "user_id": "u2"}),
    ]
    browser.send(*both)
    suggested()
    browser.send(event("c", customer={"anonymous_id": "d1", "user_id": "u2"}))
    assert not Comparison.objects.exists()
    assert len(suggested()) == 1


def test_all_evidence_of_two_adds_up(browser):
    browser.send(
        event("a", customer={"anonymous_id": "d1", "user_id": "u1"}),
        event("b", customer={"anonymous_id": "d1", "user_id": "u2"}),
    )
    suggested()
    before = MergeSuggestion.objects.get()
    Customer.objects.update(given_name="Thea", family_name="Kaltenbrunner", is_known=True)
    assert [reasons for _one, _other, reasons in suggested()] == [["device", "name"]]
    assert MergeSuggestion.objects.get().score > before.score


def test_a_suggestion_goes_when_its_reason_does():
    suggestion = a_pair()
    Customer.objects.filter(pk=suggestion.other_id).update(given_name="Peter", family_name="Schmidt")
    assert suggested() == []


def test_what_was_put_off_goes_as_well_and_what_was_decided_stays():
    """Nobody is asked anew whether two without anything in common are one."""
    off = decide(suggestion=a_pair(), decision=Decision.LATER)
    Customer.objects.filter(pk=off.one_id).update(given_name="Uwe", family_name="Klein")
    Customer.objects.filter(pk=off.other_id).update(given_name="Peter", family_name="Schmidt")
    assert suggested() == []
    apart = decide(suggestion=a_pair(), decision=Decision.KEEP_APART)
    # New evidence asked again, and is gone, too.
    MergeSuggestion.objects.filter(pk=apart.pk).update(state="open", reasons=["name", "address"])
    Customer.objects.filter(pk=apart.other_id).update(given_name="Paul", family_name="Weber")
    assert suggested() == [(apart.one_id, apart.other_id, ["name", "address"])]


def test_records_merged_otherwise_wait_no_longer():
    suggestion = a_pair()
    today = suggestion.created_at.date()
    assert MergeSuggestion.objects.waiting(today=today).exists()
    merge = merge_customers(kept=suggestion.one, merged=suggestion.other, reason="same card")
    assert not MergeSuggestion.objects.waiting(today=today).exists()
    undo_merge(merge=merge)
    assert MergeSuggestion.objects.waiting(today=today).exists()


def test_a_new_record_is_compared_with_all_records_of_a_person():
    one, other = make_customer(given_name="Thea", family_name="Kaltenbrunner"), make_customer(family_name="Schmidt")
    merge_customers(kept=other, merged=one, reason="same card")
    third = make_customer(given_name="Thea", family_name="Kaltenbrunner")
    assert suggested() == [(other.pk, third.pk, ["name"])]


def test_what_is_kept_apart_is_not_asked_again():
    suggestion = decide(suggestion=a_pair(), decision=Decision.KEEP_APART, by=make_user())
    Customer.objects.filter(pk=suggestion.other_id).update(family_name="Kaltenbrunner")
    suggested()
    suggestion.refresh_from_db()
    assert suggestion.state == "kept_apart"


def test_new_evidence_of_another_kind_is_asked(server):
    server.send(event("a", customer={"user_id": "u1"}), event("b", customer={"user_id": "u2"}))
    one, other = customer_of("a"), customer_of("b")
    Customer.objects.update(given_name="Thea", family_name="Kaltenbrunner")
    suggested()
    decide(suggestion=MergeSuggestion.objects.get(), decision=Decision.KEEP_APART, by=make_user())
    for number, user in enumerate(["u1", "u2"]):
        server.send(event(f"call{number}", customer={"user_id": user, "phone": "+49301234567"}))
    assert suggested() == [(one.pk, other.pk, ["name", "phone"])]
    suggestion = MergeSuggestion.objects.get()
    assert (suggestion.state, suggestion.new_reasons) == ("open", ["phone"])
    assert suggestion.decided_by is not None  # by whom it was kept apart before


def test_a_step_that_is_killed_loses_and_doubles_nothing():
    suggestion = a_pair()
    Customer.objects.filter(pk=suggestion.other_id).update(family_name="Kaltenbrunner")
    make_customer(given_name="Thea", family_name="Kaltenbrunner")
    noted = set(Comparison.objects.values_list("pk", flat=True))
    with transaction.atomic():
        compare_next()
        transaction.set_rollback(True)
    assert set(Comparison.objects.values_list("pk", flat=True)) == noted
    assert len(suggested()) == 3


def test_it_compares_a_bounded_number_at_a_time(monkeypatch):
    monkeypatch.setattr("customers.actions.suggesting.PER_STEP", 3)
    for number in range(5):
        make_customer(given_name="", family_name=f"Familie{number}")
    compare_next()
    assert Comparison.objects.count() == 2


def test_it_notes_what_is_imported_and_what_changes_but_nothing_else():
    Customer.objects.bulk_create([Customer(family_name="Schmidt"), Customer()])
    customer = Customer.objects.exclude(family_name="").get()
    assert Comparison.objects.get().customer == customer
    Comparison.objects.all().delete()
    Customer.objects.update(city="Köln", language="de", owner=None)
    assert not Comparison.objects.exists()
    Customer.objects.filter(pk=customer.pk).update(street="Weg 1")
    assert Comparison.objects.count() == 1


def test_it_finds_by_indexes_among_many():
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into customers_customer (kind, salutation, title, given_name, family_name, company_name, street,"
            " postal_code, city, country, language, time_zone, is_known)"
            " select 'person', '', '', md5('g' || n), md5('f' || n), '', '', n::text, '', '', '', '', true"
            " from generate_series(1, 20000) n"
        )
        cursor.execute("analyze customers_customer")
        asked = make_customer(given_name="Thea", family_name="Kaltenbrunner", postal_code="10115")
        assert candidates([asked.pk]) == []
        cursor.execute(f"explain {FIND}", {"records": [asked.pk], "most": 30})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Bitmap Index Scan on customer_name_words_idx" in plan
    assert "Index Scan using customer_family_postal_idx" in plan
    assert "Seq Scan" not in plan


def test_a_step_asks_the_same_few_statements_whatever_it_finds(django_assert_max_num_queries):
    for _ in range(20):
        make_customer(**HOME)
    with django_assert_max_num_queries(14):
        compare_next()
    assert MergeSuggestion.objects.count() == 190
