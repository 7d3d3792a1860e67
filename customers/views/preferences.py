"""The preference centre: behind a signed link, without login, script, or anything kept on the device."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from customers.actions import preferring
from customers.consent import ADVERTISING_PURPOSES
from customers.models import ConsentRequest
from customers.models.consent import ContactChannel, Purpose
from customers.preferences import Holder, holder_of, purpose_states, reachable_by, running_pause
from customers.views.public import public_page, speak, unknown_link

OFFERED = (*ADVERTISING_PURPOSES, Purpose.PROFILING)
PAUSES = (30, 90)
OTHER_CHANNELS = (ContactChannel.PHONE, ContactChannel.POST)


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """GET and HEAD change nothing: mail scanners open every link."""
    holder = holder_of(token)
    if holder is None:
        return unknown_link(request)
    done: dict[str, Any] = {}
    if request.method == "POST":
        speak(request, holder.customer.language)
        done = _change(request, holder)
        holder = holder_of(token) or holder
    now = timezone.now()
    speak(request, holder.customer.language)
    language = get_language() or holder.brand.language
    context = {
        "brand": holder.brand,
        "holder": holder,
        "home": reverse("preferences", args=[token]),
        "language": language,
        "languages_offered": settings.LANGUAGES,
        "states": purpose_states(holder, language=language, now=now),
        "others": [(channel, reachable_by(holder, channel=channel, now=now)) for channel in OTHER_CHANNELS],
        "pause": running_pause(holder, now=now),
        "pauses": PAUSES,
        **done,
    }
    return render(request, "customers/preferences.html", context)


def _change(request: HttpRequest, holder: Holder) -> dict[str, Any]:
    """What was done, for the page to say it and to offer to undo it; an unknown wish does nothing."""
    wish, _colon, about = request.POST.get("wish", "").partition(":")
    change = {"allow": _allow, "refuse": _refuse, "pause": _pause, "undo": _undo, "language": _language}.get(wish)
    return change(request, holder, about) if change else {}


def _allow(request: HttpRequest, holder: Holder, about: str) -> dict[str, Any]:
    if about not in OFFERED:
        return {}
    try:
        said = preferring.allow(holder=holder, purpose=about, language=get_language() or "")
    except ValidationError as refused:
        return {"done": "refused", "why": " ".join(refused.messages)}
    if said is None:
        return {}
    return {"done": "asked"} if isinstance(said, ConsentRequest) else {"done": "allowed", "undo": f"refuse:{about}"}


def _refuse(_request: HttpRequest, holder: Holder, about: str) -> dict[str, Any]:
    if about == "everything":
        said = preferring.refuse_everything(holder=holder)
    elif about in OFFERED:
        said = preferring.refuse(holder=holder, purposes=[about], channels=[ContactChannel.EMAIL])
    elif about in OTHER_CHANNELS:
        said = preferring.refuse(holder=holder, purposes=ADVERTISING_PURPOSES, channels=[about])
    else:
        return {}
    entries = ",".join(str(entry.pk) for entry in said)
    return {"done": "refused_all" if about == "everything" else "refused_one", "undo": entries and f"undo:{entries}"}


def _pause(_request: HttpRequest, holder: Holder, about: str) -> dict[str, Any]:
    now = timezone.now()
    if about == "0":
        preferring.end_pause(holder=holder, now=now)
        return {"done": "resumed"}
    if about not in {str(days) for days in PAUSES}:
        return {}
    preferring.pause(holder=holder, days=int(about), now=now)
    return {"done": "paused", "undo": "pause:0"}


def _undo(_request: HttpRequest, holder: Holder, about: str) -> dict[str, Any]:
    entries = [int(part) for part in about.split(",") if part.isdecimal() and len(part) < 19]
    preferring.undo_refusal(holder=holder, entries=entries, now=timezone.now())
    return {"done": "undone"}


def _language(_request: HttpRequest, holder: Holder, about: str) -> dict[str, Any]:
    if about not in dict(settings.LANGUAGES):
        return {}
    before = holder.customer.language
    preferring.choose_language(holder=holder, language=about)
    return {"done": "language", "undo": f"language:{before}" if before and before != about else ""}
