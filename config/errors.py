"""Error answers that no view gave: problem+json under /api/, what SDKs understand on theirs, a page elsewhere."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

from accounts.api.problems import problem
from touchpoints.api.segment import refusal

API = "/api/"
SDK = ("/v1/", "/beacon/", "/sourceConfig")


@csrf_exempt  # else a stranger's POST is answered by the page about expired forms
def no_such_endpoint(request: HttpRequest) -> HttpResponse:
    """The last pattern under /api/. A forgotten slash at the end is mended as everywhere else."""
    if request.method in {"GET", "HEAD"} and not request.path.endswith("/"):
        whole = f"{request.path}/"
        if resolve(whole).func is not no_such_endpoint:
            query = request.META["QUERY_STRING"]
            return HttpResponsePermanentRedirect(f"{whole}?{query}" if query else whole)
    return problem(status=404, code="not_found", detail="There is no such endpoint.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return problem(status=400, code="bad_request", detail="The request cannot be read.")
    if request.path.startswith(SDK):
        return refusal(400, "bad_request", "The request cannot be read.")
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return problem(status=403, code="permission_denied", detail="You may not do this.")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return problem(status=404, code="not_found", detail="There is no such thing.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    if request.path.startswith(API):
        return problem(status=500, code="server_error", detail="Something went wrong here; it was logged.")
    if request.path.startswith(SDK):
        return refusal(500, "server_error", "Something went wrong here; it was logged.")
    return defaults.server_error(request)
