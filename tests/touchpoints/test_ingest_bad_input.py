"""The table of bad input: nothing is a 5xx, one bad item does not spoil the rest."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Scope
from accounts.strict_json import DEEPEST
from tests.problems import assert_problem
from tests.reading import Reader
from tests.touchpoints.ingesting import Sender, event
from tests.touchpoints.looking import assert_all_can_be_looked_at
from touchpoints.decoding import MOST_BYTES, MOST_KEYS
from touchpoints.feed import catch_up
from touchpoints.models import RejectedTouchpoint, Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender() -> Sender:
    return Sender.new(events_per_second=1_000_000)


@pytest.fixture
def reader() -> Reader:
    return Reader(Scope.TOUCHPOINTS_READ, Scope.CUSTOMERS_READ)


def batch(*items: str) -> bytes:
    return f'{{"touchpoints": [{", ".join(items)}]}}'.encode()


def with_properties(text: str) -> str:
    return json.dumps(event(properties=0)).replace('"properties": 0', f'"properties": {text}')


GOOD = json.dumps(event("good"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"{}",
        b'{"touchpoints": null}',
        b'{"touchpoints": {}}',
        b'{"events": []}',
        b'{"touchpoints": [], "extra": 1}',
        b'{"touchpoints": []} x',
        b'{"touchpoints": [], "touchpoints": []}',
        b'{"touchpoints": ["\xff"]}',
        b"\xff\xfe{\x00}\x00",
        batch('{"message_id": "a", "message_id": "b"}'),
        batch(with_properties('{"a": {"b": 1, "b": 1}}')),
        batch(with_properties('{"a": 1, "\\u0061": 2}')),
        batch(GOOD, with_properties("NaN")),
        batch(with_properties('{"a": -Infinity}')),
        batch(with_properties('{"a": 01}')),
        batch(with_properties('{"a": "\t"}')),
        batch("[" * 100_000 + "]" * 100_000),
        batch('{"a":' * 100_000 + "1" + "}" * 100_000),
        batch(*[GOOD] * 501),
        b"[" * MOST_BYTES,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_what_is_no_batch_is_400(sender, body):
    assert_problem(sender.send_body(body), 400, "malformed")
    assert not Touchpoint.objects.exists()


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (with_properties('{"a": "b\\u0000"}'), "unstorable_text"),
        (with_properties('{"b\\u0000": 1}'), "unstorable_text"),
        (with_properties('{"a": ["\\ud83d"]}'), "unstorable_text"),
        (with_properties('{"\\udc00": 1}'), "unstorable_text"),
        (json.dumps(event("a\x00")), "unstorable_text"),
        (json.dumps(event("\ud800")), "unstorable_text"),
        (json.dumps(event(customer={"user_id": "\x00"})), "unstorable_text"),
        (json.dumps(event(customer={"\udfff": "u1"})), "unstorable_text"),
        (json.dumps(event(campaign={"name": "\x00"})), "unstorable_text"),
        (with_properties('{"a": 1e400}'), "invalid"),
        (with_properties('{"a": 123456789012345678}'), "number_out_of_range"),
        (with_properties('{"a": -1' + "0" * 400 + "}"), "number_out_of_range"),
        (with_properties('{"a":' * DEEPEST + "1" + "}" * DEEPEST), "too_deep"),
        (with_properties('{"a":' + "[" * 300 + "]" * 300 + "}"), "too_deep"),
        (with_properties(json.dumps(dict.fromkeys(map(str, range(MOST_KEYS))))), "too_many_keys"),
        (json.dumps(event(properties={"a": "x" * 33_000})), "too_large"),
        (json.dumps(event(occurred_at="2026-03-02T10:00:00")), "invalid"),
        (json.dumps(event(occurred_at="2026-03-02")), "invalid"),
        (json.dumps(event(occurred_at="2025-02-29T10:00:00Z")), "invalid"),
        (json.dumps(event(occurred_at="2016-12-31T23:59:60Z")), "invalid"),
        (json.dumps(event(occurred_at=1_772_445_600)), "invalid"),
        (json.dumps(event(occurred_at="1772445600")), "invalid"),
        (json.dumps(event(occurred_at="0001-01-01T00:00:00+14:00")), "out_of_time"),
        (json.dumps(event(occurred_at="9999-12-31T23:59:59-14:00")), "out_of_time"),
        (json.dumps(event(occurred_at="1969-12-31T23:59:59Z")), "out_of_time"),
        (json.dumps(event(occurred_at="2090-01-01T00:00:00Z")), "out_of_time"),
        ("7", "invalid"),
        ("null", "invalid"),
        ("[]", "invalid"),
    ],
    ids=lambda it: it[-60:],
)
def test_a_bad_item_is_refused_alone(sender, item, code):
    response = sender.send_body(batch(GOOD, item))
    assert response.status_code == 207, response.content
    assert [it["code"] for it in response.json()["items"]] == ["", code]
    assert Touchpoint.objects.get().message_id == "good"
    assert RejectedTouchpoint.objects.get().code == code


@pytest.mark.parametrize(
    "fields",
    [
        {"occurred_at": "2026-03-02T10:00:00+14:00"},
        {"occurred_at": "2026-03-02T10:00:00-23:59"},  # PostgreSQL itself reads no such offset
        {"occurred_at": "2024-02-29T10:00:00.123456Z"},
        {"occurred_at": "1970-01-01T00:00:00Z"},
        {"properties": {"text": "\u202e\u200b😀 <script>", "number": -(10**16), "nothing": None}},
        {"properties": {"quoted": '{"a": 1, "a": 2} \\u0000'}},
        {"message_id": "😀" * 100, "place": "\u202eBerlin"},
        {"channel": None, "value": None, "campaign": None, "properties": None},
    ],
)
def test_odd_but_lawful_input_is_stored(sender, fields):
    assert sender.items(event(**fields)) == [("created", "")]
    stored = Touchpoint.objects.get()
    assert stored.properties == (fields.get("properties") or {})
    assert stored.message_id == fields.get("message_id", "m1")


def test_a_byte_order_mark_is_fine(sender):
    assert sender.send_body(b"\xef\xbb\xbf" + batch(GOOD)).status_code == 200


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 3_000_000, 10_000_000])
def test_a_large_body_is_413(sender, size):
    assert_problem(sender.send_body(b" " * size), 413, "too_large")


def test_gzip_is_fine(sender):
    assert sender.send_body(gzip.compress(batch(GOOD)), **{"Content-Encoding": "gzip"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (gzip.compress(b" " * 50_000_000), 413, "too_large"),
        (gzip.compress(batch(GOOD))[:-4], 400, "malformed"),
        (batch(GOOD), 400, "malformed"),
    ],
    ids=["bomb", "cut", "plain"],
)
def test_bad_gzip_is_refused(sender, body, status, code):
    assert_problem(sender.send_body(body, **{"Content-Encoding": "gzip"}), status, code)


@pytest.mark.parametrize(
    ("content_type", "encoding", "code"),
    [
        ("text/plain", "identity", "unsupported_media_type"),
        ("", "identity", "unsupported_media_type"),
        ("application/x-www-form-urlencoded", "identity", "unsupported_media_type"),
        ("application/json; charset=iso-8859-1", "identity", "unsupported_charset"),
        ("application/json", "br", "unsupported_encoding"),
    ],
)
def test_other_types_are_415(sender, content_type, encoding, code):
    response = sender.send_body(batch(GOOD), content_type=content_type, **{"Content-Encoding": encoding})
    assert_problem(response, 415, code)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = [*event(), "channel", "subject", "value", "currency", "valence", "campaign", "replaces", "actor", "properties"]
odd_events = st.builds(
    lambda number, changes: event(f"m{number}") | changes,
    st.integers(0, 10**6),
    st.dictionaries(st.sampled_from(FIELDS), anything, max_size=3),
)


EXAMPLES: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
some_items = st.lists(odd_events | anything, max_size=4)
odd_bytes = st.binary(max_size=200) | st.text(max_size=100).map(str.encode)


def taken(sender: Sender, items: list[Any]) -> set[str]:
    """The message IDs of those that were stored; anything is answered, and in the known ways."""
    response = sender.send_body(json.dumps({"touchpoints": items}).encode())
    assert response.status_code in {200, 207, 400, 422}, response.content
    if response.status_code not in {200, 207}:
        return set()
    return {it["message_id"] for it in response.json()["items"] if it["status"] == "created"}


@settings(max_examples=200, **EXAMPLES)
@given(items=some_items)
def test_no_json_at_all_is_a_5xx(sender: Sender, reader: Reader, items: list[Any]):
    stored = taken(sender, items)
    if stored:
        assert stored <= {row["message_id"] for row in reader.rows("touchpoints/")}
        reader.rows("customers/")


@pytest.mark.prove
def test_no_json_among_many_is_a_5xx(sender: Sender):
    stored = set()

    @settings(max_examples=50_000, **EXAMPLES)
    @given(items=some_items)
    def send(items: list[Any]) -> None:
        stored.update(taken(sender, items))

    send()
    assert stored == set(Touchpoint.objects.values_list("message_id", flat=True))
    assert len(stored) > 1_000
    catch_up()
    assert_all_can_be_looked_at()


def bytes_never_fail(sender: Sender, body: bytes, cut: int) -> None:
    whole = batch(GOOD)
    response = sender.send_body(whole[:cut] + body + whole[cut + len(body) :])
    assert response.status_code in {200, 207, 400, 413, 422}, response.content


@settings(max_examples=200, **EXAMPLES)
@given(body=odd_bytes, cut=st.integers(0, 400))
def test_no_bytes_at_all_are_a_5xx(sender: Sender, body: bytes, cut: int):
    bytes_never_fail(sender, body, cut)


@pytest.mark.prove
@settings(max_examples=50_000, **EXAMPLES)
@given(body=odd_bytes, cut=st.integers(0, 400))
def test_no_bytes_among_many_are_a_5xx(sender: Sender, body: bytes, cut: int):
    bytes_never_fail(sender, body, cut)
