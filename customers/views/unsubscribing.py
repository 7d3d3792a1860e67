from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from customers.actions import undo_unsubscribe
from customers.actions import unsubscribe as object_by_link
from customers.links import LinkPurpose
from customers.models import Consent
from customers.models.consent import Purpose
from customers.views.public import linked, public_page, speak, unknown_link


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
    return linked(token, LinkPurpose.UNSUBSCRIBE, Consent.objects.select_related("customer", "brand"))


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
