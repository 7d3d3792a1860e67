from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workspace.checklist import steps


@login_required
def home(request: HttpRequest) -> HttpResponse:
    context: dict[str, object] = {}
    if request.user.has_perm("accounts.change_brand"):
        all_steps = steps()
        missing = [step for step in all_steps if not step.is_done]
        context = {"steps": all_steps, "missing": missing, "done_count": len(all_steps) - len(missing)}
    return render(request, "workspace/home.html", context)
