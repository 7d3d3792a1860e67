"""Behind the link of a double opt-in: GET shows what is agreed to, a person's POST confirms it."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from customers.actions import ask_again, confirm_consent
from customers.links import LinkPurpose
from customers.models import ConsentRequest
from customers.models.consent_request import RequestState
from customers.views.public import linked, public_page, speak, unknown_link


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def opt_in(request: HttpRequest, token: str) -> HttpResponse:
    asked = _linked_request(token)
    if asked is None:
        return unknown_link(request)
    if request.method == "POST":
        confirm_consent(request=asked, now=timezone.now())
    return _page(request, asked, token)


@public_page
@require_POST
def opt_in_again(request: HttpRequest, token: str) -> HttpResponse:
    """A new mail, for whoever came too late; never to another address than before."""
    asked = _linked_request(token)
    if asked is None:
        return unknown_link(request)
    is_sent = False
    if asked.state_at(timezone.now()) == RequestState.EXPIRED:
        try:
            is_sent = bool(ask_again(request=asked))
        except ValidationError:
            return _page(request, asked, token, is_refused=True)
    return _page(request, asked, token, is_sent=is_sent)


def _linked_request(token: str) -> ConsentRequest | None:
    return linked(token, LinkPurpose.OPT_IN, ConsentRequest.objects.select_related("brand", "customer", "text"))


def _page(
    request: HttpRequest, asked: ConsentRequest, token: str, *, is_sent: bool = False, is_refused: bool = False
) -> HttpResponse:
    speak(request, asked.language)
    state = asked.state_at(timezone.now())
    context = {
        "brand": asked.brand,
        "home": reverse("opt-in", args=[token]),
        "token": token,
        "asked": asked,
        "state": state,
        "is_sent": is_sent,
        "is_refused": is_refused,
    }
    is_gone = state == RequestState.EXPIRED and not is_sent
    return render(request, "customers/opt_in.html", context, status=410 if is_gone else 200)
