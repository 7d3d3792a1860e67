"""Doors and keys: every path that SDKs know, every place where they put their key, every shape of a body."""

import gzip
import json

import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts.actions import issue_api_key
from accounts.models import ApiKey, Scope
from tests.touchpoints.sdk_sending import Sdk, assert_refused, assert_taken, call, track
from touchpoints.models import RejectedTouchpoint, Touchpoint
from touchpoints.segment.wire import MOST_BYTES, MOST_EVENTS

pytestmark = pytest.mark.django_db
KINDS = ("track", "identify", "page", "screen", "group", "alias")


@pytest.fixture
def sdk() -> Sdk:
    return Sdk.new()


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/beacon/v1/batch"])
def test_it_takes_a_batch(sdk, path, slash):
    assert_taken(sdk.send_body(json.dumps({"batch": [track()]}).encode(), path=path + slash))
    assert Touchpoint.objects.get().source == sdk.source


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_short", [False, True])
def test_it_takes_one_event(sdk, kind, is_short, slash):
    event = call("", event="Tea Drunk", groupId="acme", previousId="a1")
    del event["type"]
    path = f"/v1/{kind[0] if is_short else kind}{slash}"
    assert_taken(sdk.send_body(json.dumps(event).encode(), path=path))
    expected = {"track": "Tea Drunk", "page": "page_viewed", "screen": "screen_viewed", "group": "company_joined"}
    assert Touchpoint.objects.get().type.key == expected.get(kind, "identified")


def test_it_takes_metrics_and_forgets_them(sdk):
    assert_taken(Client().post("/v1/m", b'{"series": []}', content_type="text/plain"))
    assert not Touchpoint.objects.exists()


def test_an_event_on_the_batch_path_is_taken_too(sdk):
    assert_taken(sdk.send_body(json.dumps(track()).encode()))
    assert Touchpoint.objects.exists()


def test_an_empty_batch_is_a_success(sdk):
    assert_taken(sdk.send())


@pytest.mark.parametrize("place", ["header", "body", "query"])
def test_the_key_may_stand_in_three_places(sdk, place):
    body = {"batch": [track()]} | ({"writeKey": sdk.key} if place == "body" else {})
    path = "/beacon/v1/batch" + (f"?writeKey={sdk.key}" if place == "query" else "")
    headers = {"Authorization": sdk.basic} if place == "header" else {}
    assert_taken(Client().post(path, json.dumps(body), content_type="text/plain", headers=headers))


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !!", "Basic a3A6", "Basic \xff", "Bearer kp_12345678_nobody", "Digest x"]
)
def test_a_stranger_is_refused(header):
    response = Client().post(
        "/v1/batch", b'{"batch": []}', content_type="application/json", headers={"Authorization": header}
    )
    assert_refused(response, 401, "unknown_key")


def test_a_key_that_may_not_write_is_refused(sdk):
    _api_key, key = issue_api_key(name="KPIs", scopes=[Scope.KPIS_READ])
    assert_refused(Sdk(sdk.source, key).send(track()), 401, "unknown_key")
    _api_key, key = issue_api_key(name="Stray", scopes=[Scope.TOUCHPOINTS_WRITE])
    assert_refused(Sdk(sdk.source, key).send(track()), 401, "unknown_key")


def test_a_source_that_is_off_is_refused():
    assert_refused(Sdk.new(is_active=False).send(track()), 401, "source_off")


def test_the_key_notes_its_use(sdk):
    assert_taken(sdk.send(track()))
    assert ApiKey.objects.get().last_used_at


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_the_parser_is_not_chosen_by_the_media_type(sdk, media_type, encoding):
    body = gzip.compress(json.dumps({"batch": [track()]}).encode())
    headers = {"Content-Encoding": encoding} if encoding else {}
    assert_taken(sdk.send_body(body, content_type=media_type, **headers))
    assert Touchpoint.objects.exists()


def test_it_takes_a_byte_order_mark(sdk):
    assert_taken(sdk.send_body(b"\xef\xbb\xbf" + json.dumps({"batch": [track()]}).encode()))
    assert Touchpoint.objects.exists()


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/t/", "/sourceConfig/"])
def test_pages_of_any_origin_may_send(sdk, path):
    preflight = Client().options(path, headers={"Origin": "https://shop.example"})
    assert (preflight.status_code, preflight["Access-Control-Allow-Origin"]) == (204, "*")
    assert int(preflight["Access-Control-Max-Age"]) > 0
    allowed = set(preflight["Access-Control-Allow-Headers"].split(", "))
    assert allowed >= {"authorization", "anonymousid", "content-type", "content-encoding", "sentat", "x-retry-count"}


def test_the_headers_of_a_retry_may_come(sdk):
    asked = "authorization,rsa-retry-attempt,rsa-since-first-attempt"
    preflight = Client().options("/v1/track", headers={"Access-Control-Request-Headers": asked})
    assert preflight["Access-Control-Allow-Headers"].endswith(f", {asked}")
    preflight = Client().options("/v1/track", headers={"Access-Control-Request-Headers": "a: <b>"})
    assert preflight["Access-Control-Allow-Headers"].endswith("x-retry-count")


def test_rudderstack_gets_its_configuration(sdk):
    told = Client().get(f"/sourceConfig/?p=npm&writeKey={sdk.key}")
    assert (told.status_code, told["Access-Control-Allow-Origin"]) == (200, "*")
    source = told.json()["source"]
    assert (source["enabled"], source["writeKey"], source["destinations"]) == (True, sdk.key, [])
    assert source["config"]["statsCollection"] == {"errors": {"enabled": False}, "metrics": {"enabled": False}}
    assert told.json()["updatedAt"]
    assert_refused(Client().get("/sourceConfig/?writeKey=x"), 401, "unknown_key")
    assert_refused(Client().post("/sourceConfig/"), 405, "method_not_allowed")


@pytest.mark.parametrize(("method", "path", "status"), [("get", "/v1/batch", 405), ("post", "/v1/nothing", 404)])
def test_other_ways_are_refused_in_the_same_shape(sdk, method, path, status):
    assert_refused(getattr(Client(), method)(path), status, {405: "method_not_allowed", 404: "not_found"}[status])


def test_a_body_over_9_megabytes_is_refused(sdk):
    assert_refused(sdk.send_body(b" " * (MOST_BYTES + 1)), 413, "too_large")
    assert_refused(sdk.send_body(gzip.compress(b" " * (MOST_BYTES + 1))), 413, "too_large")
    assert_refused(sdk.send_body(b'{"batch": [' + b"0," * (MOST_EVENTS + 1) + b"0]}"), 413, "too_large")
    assert_refused(sdk.send_body(b'{"batch": [' + b"0," * 2_000_000 + b"0]}"), 413, "too_large")


def test_a_large_batch_is_taken(sdk):
    events = [track(message_id=str(number), properties={"text": "x" * 20_000}) for number in range(400)]
    assert_taken(sdk.send(*events))
    assert Touchpoint.objects.count() == 400


def test_a_source_has_a_rate():
    sdk = Sdk.new(events_per_second=1)
    assert_taken(sdk.send(track(message_id="a"), track(message_id="b")))
    response = sdk.send(track(message_id="c"), track(message_id="d"))
    assert_refused(response, 429, "too_fast")
    assert int(response["Retry-After"]) >= 1


def test_a_dead_database_is_503(sdk):
    assert_taken(sdk.send(track(message_id="a")))

    def fail(*_args: object) -> None:
        raise OperationalError("the connection is lost")

    with connection.execute_wrapper(fail):
        response = sdk.send(track(message_id="b"))
    assert_refused(response, 503, "unavailable")
    assert int(response["Retry-After"]) >= 1


def test_an_unknown_host_is_refused_in_the_same_shape(sdk):
    response = sdk.send_body(b"{}", Host="elsewhere.example")
    told = response.json()
    assert (response.status_code, told["success"], told["code"]) == (400, False, "bad_request")


def test_a_repeated_batch_adds_nothing(sdk):
    events = [track(message_id="a"), track(message_id="b", event=None), call("identify", "c"), {"type": "x"}]
    for _time in range(3):
        assert_taken(sdk.send(*events))
    assert Touchpoint.objects.count() == 2
    assert RejectedTouchpoint.objects.count() == 2


def test_of_two_with_one_id_the_first_wins_silently(sdk):
    assert_taken(sdk.send(track("Tea Drunk"), track("Coffee Drunk")))
    assert_taken(sdk.send(track("Water Drunk")))
    assert Touchpoint.objects.get().type.key == "Tea Drunk"
    assert not RejectedTouchpoint.objects.exists()


def test_a_batch_takes_few_statements(sdk, django_assert_num_queries):
    sdk.send(track(message_id="warm"))
    # Vocabulary, identities, new customers, insert; and the savepoint that stands for the transaction in a test.
    with django_assert_num_queries(6):
        sdk.send(*(track(message_id=str(number), userId=number) for number in range(500)))
