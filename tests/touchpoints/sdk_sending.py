"""Sending what SDKs send, byte by byte; the SDKs themselves are in test_sdks.py."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.factories import make_source, make_write_key
from touchpoints.models import Source

NOW = "2026-03-02T10:00:00.000Z"


def track(name: str = "Product Viewed", message_id: str = "m1", **fields: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": name,
        "messageId": message_id,
        "userId": "u1",
        "timestamp": NOW,
        "properties": {},
    } | fields


def call(kind: str, message_id: str = "m1", **fields: Any) -> dict[str, Any]:
    return {"type": kind, "messageId": message_id, "userId": "u1", "timestamp": NOW} | fields


@dataclass
class Sdk:
    source: Source
    key: str

    @classmethod
    def new(cls, **source: Any) -> "Sdk":
        made = make_source(**{"events_per_second": 1_000_000} | source)
        return cls(made, make_write_key(made))

    @property
    def basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.key}:".encode()).decode()

    def send(self, *events: Any, **envelope: Any) -> HttpResponse:
        return self.send_body(json.dumps({"batch": events} | envelope).encode())

    def send_body(
        self, body: bytes, *, path: str = "/v1/batch", content_type: str = "application/json", **headers: str
    ) -> HttpResponse:
        headers = {"Authorization": self.basic} | headers
        return Client(raise_request_exception=False).post(path, body, content_type=content_type, headers=headers)


def assert_taken(response: HttpResponse) -> None:
    assert (response.status_code, response.content) == (200, b'{"success":true}')


def assert_refused(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """Every error body: without both keys one SDK sends again for ever."""
    told: dict[str, Any] = json.loads(response.content)
    assert (response.status_code, told["success"], told["code"]) == (status, False, code), response.content
    assert set(told) == {"success", "code", "message"}
    assert told["message"]
    assert response["Access-Control-Allow-Origin"] == "*"
    return told
