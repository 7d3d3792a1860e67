"""One error shape for the whole API: problem+json (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.api.problem import Problem as Problem
from accounts.races import is_race

CONTENT_TYPE = "application/problem+json"
# Seconds until a client should ask again when the database does not answer.
RETRY_AFTER = 5


def problem(
    *, status: int, code: str, detail: str, headers: dict[str, str] | None = None, **extra: Any
) -> HttpResponse:
    """An error answer for views outside the REST framework."""
    body = orjson.dumps(_body(status, code, detail) | extra)
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The REST framework's exception handler. None: an error of ours, which config.errors answers."""
    known = _known(error)
    response = exception_handler(known, context)
    if response is None:
        return None
    response.data = _body(response.status_code, *_told(known)) | _extra(known)
    response.content_type = CONTENT_TYPE
    return response


def _known(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, (OperationalError, InterfaceError)):
        detail = "The database does not answer. Nothing was stored; send it again."
        return Problem(503, "unavailable", detail, retry_after=RETRY_AFTER)
    if isinstance(error, ValidationError):  # an action refused
        return exceptions.ValidationError(get_error_detail(error))
    if is_race(error):
        return Problem(409, "conflict", "Another request changed the same just now. Read it again, then decide.")
    return error


def _body(status: int, code: str, detail: str) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }


def _told(error: Exception) -> tuple[str, str]:
    if isinstance(error, exceptions.ValidationError):
        return "invalid", "Some fields are not valid; see errors."
    if isinstance(error, exceptions.APIException):
        return str(error.get_codes()), str(error.detail)
    return "error", str(error)


def _extra(error: Exception) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return {"errors": error.detail}
    return error.extra if isinstance(error, Problem) else {}
