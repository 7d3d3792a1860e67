from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from touchpoints.actions.cases import open_case, reopen_case, resolve_case, take_case
from touchpoints.models import Case, Touchpoint
from touchpoints.reason_choices import ResolutionForm
from workspace.forms import CaseForm
from workspace.views.customers import find_customer

LISTED_AT_MOST = 100


@login_required
@permission_required("touchpoints.view_case", raise_exception=True)
def cases(request: HttpRequest) -> HttpResponse:
    whose = request.GET.get("whose", "")
    listed = Case.objects.open().select_related("customer", "owner").in_work_order()
    if whose == "mine":
        listed = listed.filter(owner=request.user.pk)
    elif whose == "nobody":
        listed = listed.filter(owner=None)
    return render(
        request, "workspace/cases.html", {"cases": listed[:LISTED_AT_MOST], "whose": whose, "now": timezone.now()}
    )


@login_required
@permission_required("touchpoints.add_case", raise_exception=True)
def new_case(request: HttpRequest, pk: int) -> HttpResponse:
    person = find_customer(request, pk)
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = cast(User, request.user)
        case = open_case(customer=person, by=by, owner=by, **form.cleaned_data)
        messages.success(request, _("Case %(number)s opened.") % {"number": case.number})
        return redirect("case", pk=case.pk)
    context = {"customer": person, "form": form}
    return render(request, "workspace/new_case.html", context, status=422 if form.errors else 200)


@login_required
@permission_required("touchpoints.view_case", raise_exception=True)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_case(pk)
    return render(request, "workspace/case.html", case_context(found, ResolutionForm()))


@login_required
@permission_required("touchpoints.change_case", raise_exception=True)
@require_POST
def resolution(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_case(pk)
    form = ResolutionForm(request.POST)
    if form.is_valid():
        try:
            resolve_case(case=found, by=cast(User, request.user), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Case resolved. The customer can now be asked how it went."))
            return redirect("case", pk=pk)
    return render(request, "workspace/case.html", case_context(found, form), status=422)


@login_required
@permission_required("touchpoints.change_case", raise_exception=True)
@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    reopen_case(case=find_case(pk), by=cast(User, request.user))
    messages.success(request, _("Case opened again."))
    return redirect("case", pk=pk)


@login_required
@permission_required("touchpoints.change_case", raise_exception=True)
@require_POST
def ownership(request: HttpRequest, pk: int) -> HttpResponse:
    take_case(case=find_case(pk), by=cast(User, request.user))
    messages.success(request, _("The case is yours."))
    return redirect("case", pk=pk)


def find_case(pk: int) -> Case:
    return get_object_or_404(
        Case.objects.select_related("customer", "owner", "team", "brand", "root_cause", "resolution"), pk=pk
    )


def case_context(found: Case, form: ResolutionForm) -> dict[str, object]:
    story = (
        Touchpoint.objects.current()
        .filter(subject=found.subject)
        .select_related("type__canonical__channel", "channel", "source")
    )
    return {"case": found, "form": form, "touchpoints": story.order_by("-occurred_at", "-id"), "now": timezone.now()}
