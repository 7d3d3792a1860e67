"""The table of bad input on the paths of SDKs: no 5xx; a bad event is kept aside and its batch succeeds."""

import gzip
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.strict_json import DEEPEST
from tests.touchpoints.looking import assert_all_can_be_looked_at
from tests.touchpoints.sdk_sending import NOW, Sdk, assert_refused, assert_taken, call, track
from touchpoints.decoding import MOST_KEYS
from touchpoints.feed import catch_up
from touchpoints.models import RejectedTouchpoint, Touchpoint
from touchpoints.segment.wire import MOST_BYTES_OUTSIDE, MOST_KEYS_IN_ALL

pytestmark = pytest.mark.django_db
EXAMPLES = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
GOOD = json.dumps(track(message_id="good"))
MEGABYTES = 1024 * 1024


@pytest.fixture
def sdk() -> Sdk:
    return Sdk.new()


def batch(*events: str) -> bytes:
    return f'{{"batch": [{", ".join(events)}]}}'.encode()


def with_properties(text: str) -> str:
    return json.dumps(track(properties=0)).replace('"properties": 0', f'"properties": {text}')


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"{}",
        b'{"batch": null}',
        b'{"batch": {}}',
        b'{"batch": 7}',
        b'{"batch": []} x',
        b'{"batch": [], "batch": []}',
        b'{"batch": [], "sentAt": 1, "sentAt": 2}',
        b'{"batch": [], "other": "' + b"x" * MOST_BYTES_OUTSIDE + b'"}',
        b'{"batch": ["\xff"]}',
        b"\xff\xfe{\x00}\x00",
        batch('{"type": "track", "type": "page"}'),
        batch(with_properties('{"a": {"b": 1, "b": 1}}')),
        batch(with_properties('{"a": 1, "\\u0061": 2}')),
        batch(GOOD, with_properties("NaN")),
        batch(GOOD, with_properties('{"a": -Infinity}')),
        batch(with_properties('{"a": 01}')),
        batch("[" * 100_000 + "]" * 100_000),
        batch('{"a":' * 100_000 + "1" + "}" * 100_000),
        batch('"\\ud83d"' + " " * (3 * MEGABYTES)),
        b"[" * (8 * MEGABYTES),
    ],
    ids=lambda it: repr(it[:40]) if isinstance(it, bytes) else it,
)
def test_what_is_no_batch_is_400(sdk, body, is_packed):
    assert_refused(sdk.send_body(gzip.compress(body, 1) if is_packed else body), 400, "malformed")
    assert not Touchpoint.objects.exists()
    assert not RejectedTouchpoint.objects.exists()


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (with_properties('{"a": "b\\u0000"}'), "unstorable_text"),
        (with_properties('{"b\\u0000": 1}'), "unstorable_text"),
        (with_properties('{"a": ["\\ud83d"]}'), "unstorable_text"),
        (with_properties('{"\\udc00": 1}'), "unstorable_text"),
        (json.dumps(track(userId="\x00")), "unstorable_text"),
        (json.dumps(call("identify", traits={"email": "\ud800"})), "unstorable_text"),
        (json.dumps(track(message_id="a\x00")), "unstorable_text"),
        (json.dumps(track("\ud800")), "unstorable_text"),
        (with_properties('{"a": 1e400}'), "invalid"),
        (with_properties('{"a": 123456789012345678}'), "number_out_of_range"),
        (with_properties('{"a":' * DEEPEST + "1" + "}" * DEEPEST), "too_deep"),
        (with_properties(json.dumps(dict.fromkeys(map(str, range(MOST_KEYS + 1))))), "too_many_keys"),
        (with_properties(json.dumps([{"a": 1}] * MOST_KEYS_IN_ALL)), "too_many_keys"),
        (json.dumps(track(properties={"a": "x" * 33_000})), "too_large"),
        *(
            (json.dumps(track(timestamp=time)), code)
            for time, code in [
                ("2026-03-02T10:00:00", "invalid"),
                ("2026-03-02", "invalid"),
                ("2025-02-29T10:00:00Z", "invalid"),
                ("2016-12-31T23:59:60Z", "invalid"),
                (1_772_445_600, "invalid"),
                ("1772445600", "invalid"),
                ("0001-01-01T00:00:00+14:00", "out_of_time"),
                ("9999-12-31T23:59:59-14:00", "out_of_time"),
                ("1969-12-31T23:59:59Z", "out_of_time"),
                ("2090-01-01T00:00:00Z", "out_of_time"),
            ]
        ),
        (json.dumps(track(message_id="x" * 101)), "invalid"),
        (json.dumps(track(event=None)), "invalid"),
        (json.dumps(track(event=7)), "invalid"),
        (json.dumps(track(userId="x" * 400)), "invalid_identity"),
        (json.dumps(track(userId="a\nb")), "invalid_identity"),
        (json.dumps(call("group", groupId=None)), "invalid_identity"),
        (json.dumps(track(type="tracked")), "unknown_kind"),
        (json.dumps(track(type=["track"])), "unknown_kind"),
        (json.dumps(track("Order Completed", properties={"order_id": "1\n2"})), "invalid"),
        (json.dumps(track("Order Completed", properties={"order_id": "1", "total": 10**13})), "number_out_of_range"),
        (json.dumps(track("Order Completed", properties={"order_id": "1", "currency": "Euro"})), "invalid"),
        ("7", "invalid"),
        ("null", "invalid"),
        ("[]", "invalid"),
        ("{}", "unknown_kind"),
    ],
    ids=lambda it: it[-60:],
)
def test_a_bad_event_is_kept_aside_alone(sdk, event, code):
    assert_taken(sdk.send_body(batch(GOOD, event)))
    assert Touchpoint.objects.get().message_id == "good"
    rejected = RejectedTouchpoint.objects.get()
    assert (rejected.code, rejected.path) == (code, "batch")
    assert rejected.detail


@pytest.mark.parametrize(
    "fields",
    [
        {"timestamp": "2026-03-02T10:00:00+14:00"},
        {"timestamp": "2026-03-02T10:00:00-23:59"},
        {"timestamp": "2024-02-29T10:00:00.123456Z"},
        {"properties": {"text": "\u202e\u200b😀 <script>", "nothing": None}},
        {"properties": {"quoted": '{"a": 1, "a": 2} \\u0000'}},
        {"event": "\u202e😀"},
        {"properties": None, "context": None, "integrations": None},
        {"properties": [], "context": "x", "traits": 7},
        {"context": {"page": 7, "campaign": [], "library": None, "traits": "x", "referrer": 1, "sessionId": {}}},
        {"sentAt": "0001-01-01T00:00:00+14:00", "timestamp": None},
        {"context": {"campaign": {"name": "x" * 300}, "page": {"referrer": "x" * 3000}}},
    ],
)
def test_odd_but_lawful_input_is_stored(sdk, fields):
    assert_taken(sdk.send(track(**fields)))
    assert Touchpoint.objects.count() == 1, RejectedTouchpoint.objects.get().detail


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (gzip.compress(b" " * 50_000_000), 413, "too_large"),
        (gzip.compress(batch(GOOD))[:-4], 400, "malformed"),
        (b"\x1f\x8b" + batch(GOOD), 400, "malformed"),
    ],
    ids=["bomb", "cut", "false"],
)
def test_bad_gzip_is_refused(sdk, body, status, code):
    assert_refused(sdk.send_body(body), status, code)


@pytest.mark.parametrize(
    "query", ["?writeKey=%00", "?writeKey=kp_12345678_%F0%9F%98%80", "?writeKey=kp_x_" + "y" * 2000]
)
def test_an_odd_key_is_unknown(query):
    assert_refused(Client().post(f"/v1/t{query}", b"{}", content_type="text/plain"), 401, "unknown_key")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
KINDS = ["track", "identify", "page", "screen", "group", "alias"]
FIELDS = [
    *track(), "anonymousId", "traits", "context", "groupId", "previousId", "sentAt", "originalTimestamp", "name",
    "category", "channel",
]  # fmt: skip
OF_ORDERS = ["order_id", "total", "revenue", "currency", "products", "rating", "url"]
OF_TRAITS = ["email", "phone", "name", "firstName", "company", "address", "language"]
OF_CONTEXT = ["page", "campaign", "library", "device", "traits", "sessionId", "referrer", "locale"]


def holding(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(names), anything, max_size=3)


odd_events = st.builds(
    lambda kind, number, parts, changes: call(kind, f"m{number}", event="Order Completed") | parts | changes,
    st.sampled_from(KINDS),
    st.integers(0, 10**6),
    st.fixed_dictionaries(
        {}, optional={"properties": holding(OF_ORDERS), "traits": holding(OF_TRAITS), "context": holding(OF_CONTEXT)}
    ),
    holding(FIELDS),
)
paths = st.sampled_from(["/v1/batch", *(f"/v1/{kind}" for kind in KINDS)])


def never_fails(sdk: Sdk, events: list[Any], sent_at: Any) -> None:
    response = sdk.send_body(json.dumps({"batch": events, "sentAt": sent_at}).encode())
    assert response.status_code in {200, 400}, response.content
    if response.status_code == 200:
        known = Touchpoint.objects.filter(source=sdk.source).count() + RejectedTouchpoint.objects.count()
        assert not events or known


@settings(max_examples=200, **EXAMPLES)
@given(events=st.lists(odd_events | anything, max_size=4), sent_at=anything | st.just(NOW))
def test_no_json_at_all_is_a_5xx(sdk: Sdk, events: list[Any], sent_at: Any):
    never_fails(sdk, events, sent_at)


@pytest.mark.prove
def test_no_json_among_many_is_a_5xx(sdk: Sdk):
    @settings(max_examples=50_000, **EXAMPLES)
    @given(events=st.lists(odd_events | anything, max_size=4), sent_at=anything | st.just(NOW))
    def send(events: list[Any], sent_at: Any) -> None:
        never_fails(sdk, events, sent_at)

    send()
    assert Touchpoint.objects.count() > 1_000
    catch_up()
    assert_all_can_be_looked_at()


def bytes_never_fail(sdk: Sdk, path: str, body: bytes, cut: int) -> None:
    whole = batch(GOOD) if path == "/v1/batch" else GOOD.encode()
    response = sdk.send_body(whole[:cut] + body + whole[cut + len(body) :], path=path)
    assert response.status_code in {200, 400, 413}, response.content


odd_bytes = st.binary(max_size=200) | st.text(max_size=100).map(str.encode)


@settings(max_examples=200, **EXAMPLES)
@given(path=paths, body=odd_bytes, cut=st.integers(0, 300))
def test_no_bytes_at_all_are_a_5xx(sdk: Sdk, path: str, body: bytes, cut: int):
    bytes_never_fail(sdk, path, body, cut)


@pytest.mark.prove
@settings(max_examples=50_000, **EXAMPLES)
@given(path=paths, body=odd_bytes, cut=st.integers(0, 300))
def test_no_bytes_among_many_are_a_5xx(sdk: Sdk, path: str, body: bytes, cut: int):
    bytes_never_fail(sdk, path, body, cut)
