from typing import Any

from django.http.response import HttpResponseBase


def assert_problem(response: HttpResponseBase, status: int, code: str) -> dict[str, Any]:
    """The answer is a problem of the one shape that the whole API has; its members."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    members: dict[str, Any] = response.json()
    assert {"type", "title", "status", "code", "detail"} <= members.keys()
    assert (members["status"], members["code"]) == (status, code), members
    return members
