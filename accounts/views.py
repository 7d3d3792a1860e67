from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as remember_language

from accounts import colour, demo
from accounts.models import Brand
from accounts.roles import Role

# The backgrounds of light and dark pages, as in static/css/base.css.
LIGHT, DARK = "#faf9f6", "#141719"


class LoginView(auth_views.LoginView):
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        logins = [{"name": name, "role": Role(role).label} for name, role in demo.LOGINS.items()]
        return super().get_context_data(**kwargs) | {"demo_logins": logins, "demo_password": demo.PASSWORD}


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """The switch decides for this browser (a cookie) and for the account, if somebody is signed in."""
    language = request.POST.get("language")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.switch_language(language)
    return remember_language(request)


@require_safe
@cache_control(public=True, max_age=3600)
def brand_style(request: HttpRequest, pk: int) -> HttpResponse:
    """A brand's accent as a style sheet of its own, because the pages allow no inline styles."""
    brand = get_object_or_404(Brand, pk=pk)
    shades = [colour.readable(brand.accent_colour, on=page) for page in (LIGHT, DARK)]
    context = {
        "light": shades[0],
        "dark": shades[1],
        "on_light": colour.text_on(shades[0]),
        "on_dark": colour.text_on(shades[1]),
    }
    return render(request, "accounts/brand.css", context, content_type="text/css")
