from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from workspace.letters import Letter, letter, letters

# A mail is styled inline, because mail programs want it so; nothing in it may run or load.
LIKE_A_MAIL_PROGRAM = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@require_safe
@login_required
@permission_required("touchpoints.view_message", raise_exception=True)
def mailbox(request: HttpRequest) -> HttpResponse:
    return render(request, "workspace/mailbox.html", {"letters": letters(settings.VAR_DIR / "mailbox")})


@require_safe
@login_required
@permission_required("touchpoints.view_message", raise_exception=True)
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "workspace/mail.html", {"letter": _letter(name)})


@require_safe
@login_required
@permission_required("touchpoints.view_message", raise_exception=True)
@xframe_options_sameorigin
@csp(LIKE_A_MAIL_PROGRAM)  # type: ignore[arg-type]
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    # Links open beside the page, as they do from a mail program.
    return HttpResponse(_letter(name).html.replace("<head>", '<head><base target="_blank">', 1))


def _letter(name: str) -> Letter:
    found = letter(settings.VAR_DIR / "mailbox", name=name)
    if found is None:
        raise Http404
    return found
