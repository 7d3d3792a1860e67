from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Brand, User
from customers.actions import record_objection
from workspace.forms import ObjectionForm
from workspace.views.customers import find_customer

TOLD_TO_AN_AGENT = "agent"


@login_required
@permission_required("customers.add_consent", raise_exception=True)
@require_POST
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """The person told an agent that they want no more surveys or advertising."""
    person = find_customer(request, pk)
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was recorded: choose what the person objects to."))
        return redirect("customer", pk=person.pk)
    record_objection(
        customer=person,
        brand=Brand.objects.default(),
        wish=form.cleaned_data["wish"],
        origin=TOLD_TO_AN_AGENT,
        by=cast(User, request.user),
    )
    messages.success(request, _("Objection recorded. What the person objected to stops at once."))
    return redirect("customer", pk=person.pk)
