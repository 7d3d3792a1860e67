"""The language of segments: what it reads, and that it says where something is wrong and what."""

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from customers.models import Segment, Tag
from customers.segments.condition import bind
from customers.segments.membership import members
from customers.segments.rules import DEEPEST, InvalidRulesError, parse, written
from customers.segments.wording import sentence
from tests.factories import NOW, make_type

GERMANS = {"condition": "country", "with": {"countries": ["DE"]}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["and", "or", "not", "condition", "with", "x"]), inner, max_size=3)
    ),
)


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def problems(rules: object) -> list[str]:
    with pytest.raises(InvalidRulesError) as refused:
        bind(parse(rules))
    return [str(problem) for problem in refused.value.problems]


def deep(depth: int) -> dict[str, Any]:
    return {"and": [deep(depth - 1)]} if depth else GERMANS


def test_it_reads_what_it_wrote():
    rules = {"and": [GERMANS, {"or": [GERMANS, {"not": [GERMANS]}]}]}

    assert written(parse(rules)) == rules


@given(JSON)
def test_it_reads_or_refuses_anything_and_says_why(value):
    try:
        assert written(parse(value))
    except InvalidRulesError as refused:
        told = [problem.what for problem in refused.problems]
    else:
        told = ["nothing"]
    assert all(told)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (None, ["Expected a group"]),
        ({}, ["Expected a group"]),
        ({"xor": []}, ["Expected a group"]),
        ({"and": [], "or": []}, ["Expected a group"]),
        ({"and": []}, ["This group is empty"]),
        ({"and": GERMANS}, ["This group is empty"]),
        ({"and": [GERMANS, {"or": [7, {"not": []}]}]}, ["2.1: Expected a group", "2.2: This group is empty"]),
        (deep(DEEPEST + 1), [".1: Groups stand in each other at most 5 deep."]),
        ({"and": [GERMANS] * 51}, ["More than 50 conditions are too many."]),
        ({"and": [{"condition": 5}]}, ["1: “condition” is the key of a condition"]),
        ({"and": [GERMANS | {"x": 1}]}, ["1: A condition has only “condition” and “with”, not: x."]),
        ({"and": [GERMANS | {"with": [1]}]}, ["1: “with” holds"]),
        ({"and": [GERMANS | {"with": {"countries": [["DE"]]}}]}, ["1: “with” holds"]),
        ({"and": [GERMANS | {"with": {"countries": "\0"}}]}, ["1: “with” holds"]),
    ],
)  # fmt: skip
def test_it_refuses_and_says_where(english, rules, told):
    found = problems(rules)
    assert len(found) == len(told)
    assert all(part in text for part, text in zip(told, found, strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({"condition": "shoe_size", "with": {}}, "There is no condition “shoe_size”."),
        ({"condition": "country", "with": {"countries": ["Germany"]}}, "A country has two letters"),
        ({"condition": "country", "with": {}}, "This field is required."),
        ({"condition": "country", "with": {"countries": ["DE"], "x": 1}}, "has no field “x”."),
        ({"condition": "tag", "with": {"tag": "gone"}}, "Select a valid choice."),
        ({"condition": "tag", "with": {"tag": ["gone"]}}, "Select a valid choice."),
        ({"condition": "touchpoints", "with": {"bound": "at_least", "number": 0}}, "At least 0 is everybody"),
        (
            {"condition": "touchpoints", "with": {"bound": "at_most", "number": 1, "days": 0}},
            "greater than or equal to 1",
        ),
        ({"condition": "touchpoints", "with": {"bound": "at_most", "number": "many"}}, "Enter a whole number."),
        ({"condition": "value", "with": {"type": "a", "bound": "at_least", "amount": 0, "currency": "EUR"}}, "0.01"),
        ({"condition": "score", "with": {"kind": "csat", "bound": "at_most", "number": 9}}, "answered from 1 to 5"),
        ({"condition": "stage", "with": {"stage": "no:where"}}, "Select a valid choice."),
    ],
)
def test_a_condition_refuses_what_it_does_not_understand(english, condition, told):
    make_type("a")
    [problem] = problems({"and": [GERMANS, condition]})
    assert problem.startswith("2: ")
    assert told in problem


@pytest.mark.django_db
def test_a_segment_that_lost_what_it_asks_for_is_invalid_and_not_larger():
    tag = Tag.objects.create(key="regular", name="Regular")
    segment = Segment(rules={"and": [GERMANS, {"condition": "tag", "with": {"tag": "regular"}}]})
    assert members(segment, now=NOW).count() == 0

    tag.delete()
    with pytest.raises(InvalidRulesError):
        members(segment, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"and": [GERMANS]}, "People who live in DE."),
        ({"not": [GERMANS]}, "People who do not live in DE."),
        ({"not": [{"not": [GERMANS]}]}, "People who live in DE."),
        (
            {"and": [GERMANS, {"or": [{"condition": "kind", "with": {"kind": "company"}}, {"not": [GERMANS]}]}]},
            "People who live in DE and (are companies or do not live in DE).",
        ),
        (
            {"not": [GERMANS, {"and": [GERMANS, {"condition": "known", "with": {"known": "yes"}}]}]},
            "People who do not live in DE and (do not live in DE or are anonymous).",
        ),
        (
            {"or": [{"condition": "touchpoints", "with": {"bound": "at_least", "number": 2, "days": 90, "type": "a"}}]},
            "People who had at least 2 × “a” in the last 90 days.",
        ),
        (
            {"not": [{"condition": "touchpoints", "with": {"bound": "at_least", "number": 1}}]},
            "People who never had any contact.",
        ),
    ],
)  # fmt: skip
def test_it_says_in_words_what_it_means(english, rules, told):
    make_type("a")
    assert sentence(bind(parse(rules))) == told
