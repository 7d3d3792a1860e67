from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Brand
from customers.actions import undo_unsubscribe
from customers.actions import unsubscribe as object_by_link
from customers.links import LinkPurpose, claimed_row, is_genuine
from customers.models import Consent
from customers.models.consent import Purpose

P = ParamSpec("P")


def public_page(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for customers behind a link from a mail: the address must not travel on or stay in a cache.

    The token in the address is the proof; a CSRF cookie would need consent (§ 25 TDDDG) and prove nothing more.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def speak(request: HttpRequest, language: str = "") -> None:
    """The language chosen on the page, else the one given, else what the browser asks for."""
    known = dict(settings.LANGUAGES)
    wanted = [code for code in (request.GET.get("language", ""), language) if code in known]
    if wanted:
        translation.activate(wanted[0])


def unknown_link(request: HttpRequest) -> HttpResponse:
    """Wrong, foreign, revoked or erased: always the same answer, so that nobody learns which."""
    brand = Brand.objects.filter(is_default=True).first() or Brand(name="Kundenpfad")
    speak(request)
    return render(request, "customers/unknown_link.html", {"brand": brand}, status=404)


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the button; POST objects, also the one of mail programs (RFC 8058: no cookie, no redirect)."""
    consent = _linked_consent(token)
    if consent is None:
        return unknown_link(request)
    if request.method == "POST":
        object_by_link(consent=consent)
    return _unsubscribe_page(request, consent, token)


@public_page
@require_POST
def unsubscribe_undo(request: HttpRequest, token: str) -> HttpResponse:
    consent = _linked_consent(token)
    if consent is None:
        return unknown_link(request)
    is_undone = undo_unsubscribe(consent=consent, now=timezone.now())
    return _unsubscribe_page(request, consent, token, is_undone=is_undone)


def _linked_consent(token: str) -> Consent | None:
    row = claimed_row(token)
    if row is None or not is_genuine(token, purpose=LinkPurpose.UNSUBSCRIBE, row=row):
        return None
    return Consent.objects.select_related("customer", "brand").filter(pk=row).first()


def _unsubscribe_page(request: HttpRequest, consent: Consent, token: str, *, is_undone: bool = False) -> HttpResponse:
    speak(request, consent.customer.language)
    context = {
        "brand": consent.brand,
        "token": token,
        "purpose": Purpose(consent.purpose).described,
        "is_unsubscribed": consent.is_unsubscribed,
        "may_undo": consent.may_undo_unsubscribe(now=timezone.now()),
        "is_undone": is_undone,
    }
    return render(request, "customers/unsubscribe.html", context)
