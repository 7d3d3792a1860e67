from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Brand, User
from customers.actions import object_to
from workspace.views.customers import find_customer

TOLD_TO_AN_AGENT = "agent"


@login_required
@permission_required("customers.add_consent", raise_exception=True)
@require_POST
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """The person told an agent that they want no more surveys or advertising by mail."""
    person = find_customer(request, pk)
    by = cast(User, request.user)
    object_to(customer=person, brand=Brand.objects.default(), origin=TOLD_TO_AN_AGENT, by=by)
    messages.success(request, _("Objection recorded. Surveys, review requests and advertising stop at once."))
    return redirect("customer", pk=person.pk)
