from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from accounts.acting import acting
from accounts.models import Brand
from accounts.races import is_race

log = structlog.get_logger(__name__)
# Ours, and the paths of SDKs.
APIS = ("/api/", "/v1/", "/beacon/v1/")


class ActingMiddleware:
    """What changes while a request is answered was changed by who sent it; an API key is named once it is found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        who = {"user": request.user.pk} if is_signed_in else {}
        with acting(origin="api" if request.path.startswith(APIS) else "page", **who):
            return self.get_response(request)


class LanguageAndZoneMiddleware:
    """Who is signed in reads the pages in the language of the account and the times of the default brand."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without a session nobody is signed in: spare integrations and customers the queries.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()
        brand = Brand.objects.filter(is_default=True).first()
        with timezone.override(brand.zone if brand else None):
            return self.get_response(request)


class RaceMiddleware:
    """On pages, who came second is told so (the APIs do it themselves). Nothing of theirs was stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.path.startswith(APIS) or not is_race(error):
            return None
        log.warning("race_lost", error=type(error.__cause__).__name__)
        return render(request, "409.html", status=409)
