from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.acting import acting
from accounts.models import Brand

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
