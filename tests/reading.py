"""Reading and writing the API in tests with a key."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.actions import issue_api_key


class Reader:
    def __init__(self, *scopes: str) -> None:
        _api_key, key = issue_api_key(name="Reader", scopes=scopes)
        self.client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {key}"})

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"/api/v1/{path}", query)

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        response = self.get(path, **query)
        assert response.status_code == 200, response.content
        rows: list[dict[str, Any]] = response.json()["results"]
        return rows

    def ids(self, path: str, **query: Any) -> set[int]:
        return {row["id"] for row in self.rows(path, **query)}

    def send(self, method: str, path: str, body: Any = None, *, if_match: str | None = None) -> HttpResponse:
        """`body` as bytes is sent as it is."""
        headers = {} if if_match is None else {"If-Match": if_match}
        raw = body if isinstance(body, bytes) else json.dumps(body)
        content = {} if body is None else {"data": raw, "content_type": "application/json"}
        return self.client.generic(method.upper(), f"/api/v1/{path}", headers=headers, **content)

    def etag(self, path: str) -> str:
        return self.get(path)["ETag"]
