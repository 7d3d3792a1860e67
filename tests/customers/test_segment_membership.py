"""Who is in a segment: one statement that finds the same people as asking each person in turn."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from customers.models import Segment
from customers.segments.condition import bind, by_key
from customers.segments.membership import members
from customers.segments.rules import parse
from customers.segments.wording import sentence
from tests.customers import segment_world as world
from tests.customers.segment_reference import Reference
from tests.factories import NOW

pytestmark = pytest.mark.django_db

some = st.sampled_from
days = st.none() | some([1, 7, 30, 31])
bound = some(["at_least", "at_most"])


def asking(condition: str, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    filled = st.fixed_dictionaries(fields).map(lambda it: {name: value for name, value in it.items() if value})
    return filled.map(lambda it: {"condition": condition, "with": it})


def counting(condition: str, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    """At least 0 is refused, at most 0 is never."""
    at_least = asking(condition, bound=st.just("at_least"), number=st.integers(1, 4), **fields)
    at_most = asking(condition, bound=st.just("at_most"), number=st.integers(1, 4), **fields)
    return at_least | at_most | at_most.map(lambda it: it | {"with": it["with"] | {"number": 0}})


conditions = st.one_of(
    asking("country", countries=st.lists(some(world.COUNTRIES[1:]), min_size=1, unique=True)),
    asking("city", cities=st.lists(some(world.CITIES[1:]), min_size=1, unique=True)),
    asking("language", language=some(["", "de", "en"])),
    asking("kind", kind=some(["person", "company"])),
    asking("known", known=some(["yes", "no"])),
    asking("created_within", days=some([1, 7, 30, 31])),
    asking("created_since", day=some(["2026-01-31", "2026-02-01", "2026-03-02"])),
    asking("owner", owner=some(["", *world.OWNERS])),
    asking("tag", tag=some(world.TAGS)),
    counting("touchpoints", type=st.none() | some(world.TYPES), channel=st.none() | some(world.CHANNELS), days=days),
    asking(
        "value", type=some(world.TYPES), channel=st.none() | some(world.CHANNELS), bound=bound, days=days,
        amount=some(["0.01", "5", "12.50", "17.5"]), currency=some(["EUR", "CHF"]),
    ),
    counting("orders", state=st.none() | some(world.SUBJECTS["order"]), days=days),
    counting("cases", state=st.none() | some(world.SUBJECTS["case"]), days=days),
    counting("subscriptions", state=st.none() | some(world.SUBJECTS["subscription"]), days=days),
    asking(
        "consent", purpose=some(world.PURPOSES), channel=some(["email", "email", "phone"]),
        said=some(["yes", "yes", "no", "nothing"]),
    ),
    asking("stage", stage=some(world.STAGES)),
    asking(
        "score", kind=some(world.KINDS), survey=st.none() | some(world.SURVEYS), bound=bound, number=some([1, 3, 5])
    ),
    asking("answered", reaction=some(["answered", "asked"]), survey=st.none() | some(world.SURVEYS), days=days),
)  # fmt: skip


def grouped(rules: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    inside = st.lists(rules, min_size=1, max_size=3)
    return st.builds(lambda operator, inner: {operator: inner}, some(["and", "or", "not"]), inside)


segments = grouped(st.recursive(conditions, grouped, max_leaves=6))


def check(number: int, several: list[dict[str, Any]], *, is_of_brand: bool) -> None:
    """A world costs more than a question, so each is asked several."""
    with transaction.atomic():
        made = world.World(number)
        brand = made.brands[0] if is_of_brand else None
        reference = Reference(brand)
        for rules in several:
            people = members(Segment(rules=rules, brand=brand), now=NOW)
            with CaptureQueriesContext(connection) as asked:
                found = [person.pk for person in people]
            assert len(asked) == 1
            assert set(found) == reference.members(rules)
            assert people.count() == len(found) == len(set(found))
            assert sentence(bind(parse(rules)))
        transaction.set_rollback(True)


def test_every_condition_is_asked_and_documented():
    asked = {name for name in by_key() if hasattr(Reference, name)} | {"touchpoints"}
    assert asked == set(by_key())
    assert len(by_key()) == len(conditions.original_strategies)
    guide = (Path(__file__).parents[2] / "docs/integrators.md").read_text()
    assert [key for key in by_key() if f"`{key}`" not in guide] == []


@settings(max_examples=40, deadline=None)
@given(number=st.integers(0, 10_000), several=st.lists(segments, min_size=4, max_size=4), is_of_brand=st.booleans())
def test_it_finds_whom_the_slow_way_finds(number, several, is_of_brand):
    check(number, several, is_of_brand=is_of_brand)


alone = st.tuples(*(grouped(condition) for condition in conditions.original_strategies))


@pytest.mark.parametrize("number", range(20))
def test_it_finds_the_same_for_each_condition_alone(number):
    """Every condition is asked in every world: what few of them tell apart is not missed by chance."""

    @seed(number)
    @settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(several=alone, is_of_brand=st.booleans())
    def ask(several, is_of_brand):
        check(number, list(several), is_of_brand=is_of_brand)

    ask()


@pytest.mark.prove
@settings(max_examples=1000, deadline=None)
@given(number=st.integers(), several=st.lists(segments, min_size=5, max_size=5), is_of_brand=st.booleans())
def test_it_finds_whom_the_slow_way_finds_in_many_worlds(number, several, is_of_brand):
    check(number, several, is_of_brand=is_of_brand)
