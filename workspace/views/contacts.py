from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from touchpoints.actions.cases import open_case
from touchpoints.actions.contacts import log_contact, retract_touchpoint
from touchpoints.models import Touchpoint
from touchpoints.models.case import CaseKind
from workspace.forms import ContactForm
from workspace.views.customers import LAST_TYPE, find_customer, page_context


@login_required
@permission_required("touchpoints.add_touchpoint", raise_exception=True)
@require_POST
def log(request: HttpRequest, pk: int) -> HttpResponse:
    person = find_customer(request, pk)
    form = ContactForm(request.POST, customer=person)
    if not form.is_valid():
        return render(request, "workspace/customer.html", page_context(request, person, form), status=422)
    by, entered = cast(User, request.user), form.cleaned_data
    with transaction.atomic():
        touchpoint = log_contact(
            customer=person,
            by=by,
            key=str(entered["key"]),
            type=entered["type"].key,
            occurred_at=timezone.now(),
            subject=entered["subject"],
            note=entered["note"],
            valence=entered["valence"],
        )
        if due_at := form.follow_up_at():
            title = _("Follow up: %(type)s") % {"type": touchpoint.type}
            open_case(customer=person, by=by, owner=by, kind=CaseKind.FOLLOW_UP, title=title, due_at=due_at)
    request.session[LAST_TYPE] = touchpoint.type.key if touchpoint.type else ""
    return redirect(f"{reverse('customer', args=[person.pk])}?logged={touchpoint.pk}")


@login_required
@permission_required("touchpoints.add_touchpoint", raise_exception=True)
@require_POST
def retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a contact that one logged oneself."""
    own = Touchpoint.objects.filter(source__key="staff", properties__by=request.user.pk)
    touchpoint = get_object_or_404(own.select_related("customer", "source"), pk=pk)
    retract_touchpoint(touchpoint=touchpoint, by=cast(User, request.user))
    messages.success(request, _("The contact was taken back."))
    return redirect("customer", pk=touchpoint.customer.canonical_id or touchpoint.customer_id)
