"""What every page behind a link from a mail has in common."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Brand
from customers.links import LinkPurpose, claimed_row, is_genuine

P = ParamSpec("P")
Row = TypeVar("Row", bound=Model)


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


def linked(token: str, purpose: LinkPurpose, rows: QuerySet[Row]) -> Row | None:
    """The row that a genuine link for this purpose leads to."""
    row = claimed_row(token)
    return rows.filter(pk=row).first() if row and is_genuine(token, purpose=purpose, row=row) else None


def unknown_link(request: HttpRequest) -> HttpResponse:
    """Wrong, foreign, revoked or erased: always the same answer, so that nobody learns which."""
    brand = Brand.objects.filter(is_default=True).first() or Brand(name="Kundenpfad")
    speak(request)
    return render(request, "customers/unknown_link.html", {"brand": brand}, status=404)
