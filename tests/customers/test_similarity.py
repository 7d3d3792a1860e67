import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from customers.similarity import (
    LIKELY_FROM,
    SHARED,
    SUGGESTED_FROM,
    VERY_LIKELY_FROM,
    Card,
    compare,
    likeness,
    name_likeness,
)

ANNA = Card("frau", "anna", "muller", "", "hauptstrasse 5", "10115")


@pytest.mark.parametrize(
    ("other", "options", "reasons", "is_asked"),
    [
        # The very same card.
        (ANNA, {}, ["address", "name"], True),
        # A rare name alone, spelled with one slip.
        (Card("", "anna", "mulller"), {}, ["name"], True),
        (Card("", "muller", "anna"), {}, ["name"], True),
        # A name that many bear says too little, until something else is known.
        (Card("", "anna", "muller"), {"namesakes": 300}, ["name"], False),
        (Card("", "anna", "muller", "", "", "10115"), {"namesakes": 300}, ["name"], True),
        (Card("", "anna", "muller"), {"namesakes": 300, "shared": ["phone"]}, ["name", "phone"], True),
        # The family at its address.
        (Card("herr", "peter", "muller", "", "hauptstr. 5", "10115"), {}, ["address"], True),
        # Neighbours, and the family of another house.
        (Card("", "petra", "schmidt", "", "hauptstrasse 5", "10115"), {}, [], False),
        (Card("herr", "peter", "muller", "", "hauptstrasse 50", "10115"), {}, [], False),
        # Woman and man of one family are two, however alike their names.
        (Card("herr", "anno", "muller"), {}, [], False),
        # What one event named of both.
        (Card("herr", "peter", "schmidt"), {"shared": ["device"]}, ["device"], True),
        (Card(), {"shared": ["identifier"]}, ["identifier"], True),
        (Card(), {}, [], False),
    ],
)
def test_it_weighs(other, options, reasons, is_asked):
    found = compare(ANNA, other, **options)
    assert (found.reasons, found.is_worth_asking) == (reasons, is_asked)


def test_a_name_alone_is_at_most_possible():
    """Two who bear a rare name are asked about, but never called likely; less so where they live at two places."""
    namesake = Card("frau", "anna", "muller")
    elsewhere = [ANNA._replace(postal_code="20095"), ANNA._replace(street="weg 3")]
    assert SUGGESTED_FROM <= compare(ANNA, namesake).score < LIKELY_FROM
    for other in elsewhere:
        assert SUGGESTED_FROM <= compare(ANNA, other).score < compare(ANNA, namesake).score
        assert not compare(ANNA, other, namesakes=3).is_worth_asking
    assert LIKELY_FROM <= compare(ANNA, elsewhere[0], shared=["phone"]).score < VERY_LIKELY_FROM
    assert compare(ANNA, ANNA).score >= VERY_LIKELY_FROM
    assert compare(ANNA, ANNA, namesakes=300).score >= LIKELY_FROM


def test_it_compares_companies_by_their_name():
    one = Card(company_name="musterbau gmbh", postal_code="10115", street="weg 1")
    assert compare(one, one._replace(company_name="musterbau gmbh & co. kg")).reasons == ["address", "name"]
    assert compare(one, one._replace(company_name="backerei schmidt")).reasons == []


def test_more_in_common_makes_it_likelier():
    assert (
        compare(ANNA, Card("herr", "peter", "muller", "", "hauptstrasse 5", "10115")).score
        < compare(ANNA, Card("", "anna", "muller")).score
        < compare(ANNA, ANNA).score
        < compare(ANNA, ANNA, shared=["phone"]).score
    )


texts = st.sampled_from(
    ["", "anna", "anna maria", "a.", "peter", "muller", "mueler", "schmidt", "hauptstr. 5", "weg 1 a"]
)
cards = st.builds(
    Card,
    salutation=st.sampled_from(["", "frau", "herr"]),
    given_name=texts,
    family_name=texts,
    company_name=texts,
    street=texts | st.text(max_size=8),
    postal_code=st.sampled_from(["", "10115", "20095"]),
)
evidence = st.sets(st.sampled_from(sorted(SHARED)))
counts = st.integers(0, 500)


@given(cards, cards, evidence, counts)
def test_the_order_of_the_two_makes_no_difference(one, other, shared, namesakes):
    assert compare(one, other, shared=shared, namesakes=namesakes) == compare(
        other, one, shared=shared, namesakes=namesakes
    )


@given(cards, cards, evidence, counts)
def test_a_score_is_between_0_and_1_and_has_its_reasons(one, other, shared, namesakes):
    found = compare(one, other, shared=shared, namesakes=namesakes)
    assert 0 <= found.score <= 1
    assert set(found.reasons) >= shared


@given(cards, cards, evidence, evidence, counts, counts)
def test_more_evidence_never_lowers_and_more_namesakes_never_raise_it(one, other, shared, more, few, many):
    few, many = sorted([few, many])
    score = compare(one, other, shared=shared, namesakes=many).score
    assert compare(one, other, shared=shared | more, namesakes=many).score >= score
    assert compare(one, other, shared=shared, namesakes=few).score >= score


people = st.builds(
    Card,
    salutation=st.sampled_from(["", "frau", "herr"]),
    given_name=st.sampled_from(["anna", "anna maria", "a.", "peter", "muller"]),
    family_name=st.sampled_from(["muller", "mueler", "schmidt", "anna"]),
    street=texts | st.text(max_size=8),
    postal_code=st.sampled_from(["", "10115", "20095"]),
)


@given(people, people, evidence, counts)
def test_it_is_monotone(one, other, shared, namesakes):
    """Who agrees in one thing more is never less likely, and who differs in one thing more never likelier."""

    def score(other):
        return compare(one, other, shared=shared, namesakes=namesakes).score

    same_address = other._replace(street=one.street, postal_code=one.postal_code)
    same_name = other._replace(salutation=one.salutation, given_name=one.given_name, family_name=one.family_name)
    assert score(one) >= score(same_address) >= score(other)
    assert score(one) >= score(same_name) >= score(other)
    assert score(other._replace(postal_code="", street="")) >= score(other._replace(postal_code="99999"))


@given(cards, cards, counts)
def test_without_address_or_evidence_it_is_at_most_possible(one, other, namesakes):
    assert compare(one, other._replace(postal_code=""), namesakes=namesakes).score < LIKELY_FROM
    assert compare(one, other._replace(postal_code="99999"), namesakes=namesakes).score < LIKELY_FROM


@given(cards, evidence)
def test_nothing_is_likelier_than_the_same_card(one, shared):
    assert compare(one, one, shared=shared).score >= compare(one, Card(), shared=shared).score


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna muller", "muller anna"),
        ("anna muller", "ana muller"),
        ("katharina kaltenbrunner", "katharina kaltenbruner"),
        ("a. muller", "anna muller"),
        ("gmbh & co. kg", "gmbh"),
        ("anna", ""),
    ],
)
def test_it_measures_as_the_database_does(one, other):
    """The index finds by pg_trgm what is then weighed here."""
    with connection.cursor() as cursor:
        cursor.execute("select similarity(%s, %s)", [one, other])
        assert likeness(one, other) == pytest.approx(cursor.fetchone()[0], abs=1e-6)


def test_a_relative_bears_another_name():
    assert name_likeness(ANNA, Card("", "peter", "muller")) == 0
    assert name_likeness(ANNA, Card("", "a.", "muller")) > 0.5
