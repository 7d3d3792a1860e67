from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from customers.actions import tag_customer, untag_person
from customers.models import Tag
from workspace.views.customers import find_customer, tags_context


@login_required
@permission_required("customers.change_customer", raise_exception=True)
@require_POST
def tags(request: HttpRequest, pk: int) -> HttpResponse:
    """`put_on` or `take_off` names the key of a tag (a form with a field “remove” would lose its own remove())."""
    person = find_customer(request, pk)
    if key := request.POST.get("put_on"):
        tag_customer(customer=person, tag=_tag(key))
    if key := request.POST.get("take_off"):
        untag_person(customer=person, tag=_tag(key))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "workspace/_tags.html", tags_context(person))
    return redirect("customer", pk=person.pk)


def _tag(key: str) -> Tag:
    return get_object_or_404(Tag, key=key.replace("\0", ""))
