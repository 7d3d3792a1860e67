from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from touchpoints.models import Case
from workspace.checklist import steps

CASES_SHOWN = 5


@login_required
def home(request: HttpRequest) -> HttpResponse:
    context = _set_up() if request.user.has_perm("accounts.change_brand") else {}
    if request.user.has_perm("touchpoints.change_case"):
        context |= _cases(request)
    return render(request, "workspace/home.html", context)


def _set_up() -> dict[str, object]:
    all_steps = steps()
    missing = [step for step in all_steps if not step.is_done]
    return {"steps": all_steps, "missing": missing, "done_count": len(all_steps) - len(missing)}


def _cases(request: HttpRequest) -> dict[str, object]:
    now = timezone.now()
    mine = Case.objects.filter(owner_id=request.user.pk).open()
    return {
        "my_cases": mine.in_work_order().select_related("customer")[:CASES_SHOWN],
        "my_count": mine.count(),
        "overdue": mine.overdue(now=now).count(),
        "unowned": Case.objects.open().filter(owner=None).count(),
        "now": now,
    }
