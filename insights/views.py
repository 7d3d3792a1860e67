from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Brand
from insights.overview import overview


@login_required
@permission_required("insights.view_kpi", raise_exception=True)
def figures(request: HttpRequest) -> HttpResponse:
    """A page of its own, or the part of the start page that is fetched when the page stands."""
    is_part = "HX-Request" in request.headers
    template = "insights/_figures.html" if is_part else "insights/figures.html"
    brand = Brand.objects.filter(is_default=True).first()
    return render(request, template, {"overview": overview(brand, now=timezone.now()) if brand else None})
