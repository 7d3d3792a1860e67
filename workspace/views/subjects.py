from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from customers.actions.accesses import note_access
from customers.models import AccessKind
from touchpoints.models import Subject
from touchpoints.subject_page import page_of
from workspace.views.customers import find_customer


@login_required
@permission_required(["touchpoints.view_subject", "customers.view_customer"], raise_exception=True)
def subject(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Subject.objects.select_related("customer", "brand"), pk=pk)
    person = find_customer(request, found.customer_id)
    note_access(kind=AccessKind.PAGE, by=request.user, customer=person.pk)
    context = page_of(found, now=timezone.now()) | {
        "name": f"{found.get_kind_display().capitalize()} {found.key}",
        "customer_url": reverse("customer", args=[person.canonical_id]),
        "may_see_shipments": True,
    }
    return render(request, "workspace/subject.html", context)
