from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Brand, User
from customers.actions import request_consent
from customers.wording import stored, text_for
from workspace.forms import AskForm
from workspace.views.customers import find_customer


@login_required
@permission_required("customers.add_consentrequest", raise_exception=True)
@require_POST
def consent_request(request: HttpRequest, pk: int) -> HttpResponse:
    """The person asked for it: a mail to them, with a link to confirm."""
    person = find_customer(request, pk)
    form = AskForm(request.POST, customer=person)
    if not form.is_valid():
        messages.error(request, _("No mail was sent: choose what for, which address, and how the person asked."))
        return redirect("customer", pk=person.pk)
    given = form.cleaned_data
    try:
        request_consent(
            customer=person,
            brand=Brand.objects.default(),
            address=given["address"],
            purposes=[given["purpose"]],
            text=stored(text_for(given["purpose"])),
            origin=given["origin"],
            by=cast(User, request.user),
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The mail is on its way. Nothing is agreed to until the person confirms it."))
    return redirect("customer", pk=person.pk)
