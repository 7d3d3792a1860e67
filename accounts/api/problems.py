"""One error shape for the whole API: problem+json (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import orjson
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

CONTENT_TYPE = "application/problem+json"


def problem(
    *, status: int, code: str, detail: str, headers: dict[str, str] | None = None, **extra: Any
) -> HttpResponse:
    """An error answer for views outside the REST framework."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return HttpResponse(orjson.dumps(body | extra), status=status, content_type=CONTENT_TYPE, headers=headers)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The REST framework's exception handler."""
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    response.data = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
        **_told(error),
    }
    response.content_type = CONTENT_TYPE
    return response


def _told(error: Exception) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return {"code": "invalid", "detail": "Some fields are not valid; see errors.", "errors": error.detail}
    if isinstance(error, exceptions.APIException):
        return {"code": error.get_codes(), "detail": str(error.detail)}
    return {"code": "forbidden", "detail": "You do not have permission to perform this action."}
