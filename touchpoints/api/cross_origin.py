from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "authorization, content-type, content-encoding, idempotency-key",
    "Access-Control-Max-Age": "86400",
}


def cross_origin(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For browser sources: pages of any origin may send, nobody's cookies are looked at."""

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT)
        response = view(request, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapped
