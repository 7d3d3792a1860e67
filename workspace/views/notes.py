from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import User
from customers.models import Customer, Note
from workspace.forms import NoteForm
from workspace.views.customers import find_customer, notes_context, page_context


@login_required
@permission_required("customers.add_note", raise_exception=True)
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    person = find_customer(request, pk)
    written = Note(customer=person, author=cast(User, request.user))
    form = NoteForm(request.POST, instance=written, auto_id="note_%s")
    if not form.is_valid():
        return _shown(request, person, form)
    form.save()
    return _shown(request, person)


@login_required
@permission_required("customers.change_note", raise_exception=True)
@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own; somebody else's is not found."""
    note = get_object_or_404(Note.objects.written_by(cast(User, request.user)).select_related("customer"), pk=pk)
    person = find_customer(request, note.customer.canonical_id or note.customer_id)
    form = NoteForm(request.POST, instance=note, auto_id="note_%s")
    if form.is_valid() and form.has_changed():
        note.rewrite(form.cleaned_data["text"])
    return _shown(request, person)


def _shown(request: HttpRequest, person: Customer, form: NoteForm | None = None) -> HttpResponse:
    """The list of notes anew, or the whole page without scripts."""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "workspace/_notes.html", notes_context(person, form))
    if form is None:
        return redirect(f"{reverse('customer', args=[person.pk])}#notes")
    context = page_context(request, person) | {"note_form": form}
    return render(request, "workspace/customer.html", context, status=422)
