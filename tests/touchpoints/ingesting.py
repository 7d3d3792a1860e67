"""Sending batches in tests: through HTTP, as integrations do."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.factories import make_source, make_write_key
from touchpoints.models import Source

URL = "/api/v1/touchpoints/batch"


def event(message_id: str = "m1", **fields: Any) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "type": "product_viewed",
        "customer": {"user_id": "u1"},
        "occurred_at": "2026-03-02T10:00:00.123Z",
    } | fields


@dataclass
class Sender:
    source: Source
    key: str

    @classmethod
    def new(cls, **source: Any) -> "Sender":
        made = make_source(**source)
        return cls(made, make_write_key(made))

    def send(self, *events: Any, **headers: str) -> HttpResponse:
        return self.send_body(json.dumps({"touchpoints": events}).encode(), **headers)

    def send_body(self, body: bytes, *, content_type: str = "application/json", **headers: str) -> HttpResponse:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": content_type} | headers
        return Client(raise_request_exception=False).post(URL, body, content_type=content_type, headers=headers)

    def items(self, *events: Any) -> list[tuple[str, str]]:
        """Status and code of each item."""
        response = self.send(*events)
        return [(item["status"], item["code"]) for item in response.json()["items"]]
