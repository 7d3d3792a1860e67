import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.models import User
from customers.actions.importing import begin_check, begin_import, cancel_import, describe_import, upload_import
from customers.forms import ColumnsForm, DescriptionForm, UploadForm
from customers.importing.records import Record, RecordReader
from customers.models import CustomerImport
from customers.models.customer_import import ImportState
from customers.spreadsheets import Echo, dialect, harmless
from customers.table_files.recognising import table_rows
from customers.table_files.rows import FileError

PREVIEWED, LISTED = 5, 20
PROBLEMS_SHOWN = 50
CHECK = (ImportState.CHECKING, ImportState.CHECKED)
MAY = "customers.add_customerimport"


@login_required
@permission_required(MAY, raise_exception=True)
def imports(request: HttpRequest) -> HttpResponse:
    """The newest imports, and the form for another file."""
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            made = upload_import(file=upload, name=upload.name, by=cast(User, request.user))
        except FileError as error:
            form.add_error("file", str(error))
        else:
            return redirect("customer-import", pk=made.pk)
    newest = CustomerImport.objects.select_related("created_by")[:LISTED]
    context = {"form": form, "imports": newest}
    return render(request, "customers/imports.html", context, status=422 if form.errors else 200)


@login_required
@permission_required(MAY, raise_exception=True)
@require_safe
def customer_import(request: HttpRequest, pk: int) -> HttpResponse:
    file = get_object_or_404(CustomerImport.objects.select_related("created_by"), pk=pk)
    return _page(request, file)


@login_required
@permission_required(MAY, raise_exception=True)
@require_POST
def description(request: HttpRequest, pk: int) -> HttpResponse:
    file = _open_one(pk)
    form = DescriptionForm(request.POST, file=file)
    if form.is_valid():
        try:
            describe_import(file=file, **form.cleaned_data)
        except FileError as error:
            form.add_error(None, str(error))
            file.refresh_from_db()
        else:
            return redirect("customer-import", pk=pk)
    return _page(request, file, description=form)


@login_required
@permission_required(MAY, raise_exception=True)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    file = _open_one(pk)
    form = ColumnsForm(request.POST, file=file)
    if not form.is_valid():
        return _page(request, file, columns=form)
    begin_check(file=file, columns=form.columns, only_fill_empty=form.cleaned_data["only_fill_empty"])
    return redirect("customer-import", pk=pk)


@login_required
@permission_required(MAY, raise_exception=True)
@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    if not begin_import(file=get_object_or_404(CustomerImport, pk=pk)):
        messages.warning(request, _("This import is not checked, or has begun already."))
    return redirect("customer-import", pk=pk)


@login_required
@permission_required(MAY, raise_exception=True)
@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    if not cancel_import(file=get_object_or_404(CustomerImport, pk=pk)):
        messages.warning(request, _("This import has ended already."))
    return redirect("customer-import", pk=pk)


@login_required
@permission_required(MAY, raise_exception=True)
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """A fragment asked for again and again; the page is loaded anew when the work has ended."""
    file = get_object_or_404(CustomerImport, pk=pk)
    response = render(request, "customers/_import_progress.html", {"file": file})
    if not file.is_at_work:
        response["HX-Refresh"] = "true"
    return response


@login_required
@permission_required(MAY, raise_exception=True)
@require_GET
def problems(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """All rows left out, as CSV for the same spreadsheet."""
    file = get_object_or_404(CustomerImport, pk=pk)
    response = StreamingHttpResponse(_problem_lines(file), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{file.pk}-problems.csv"'
    return response


def _problem_lines(file: CustomerImport) -> Iterator[str]:
    writer = csv.writer(Echo(), **dialect())
    yield "\ufeff" + writer.writerow([_("Line"), _("Column"), _("Value"), _("Reason")])
    found = file.problems.order_by("line", "id").values_list("line", "column", "value", "reason")
    for line, *texts in found.iterator(chunk_size=2_000):
        yield writer.writerow([line, *map(harmless, texts)])


def _open_one(pk: int) -> CustomerImport:
    """One whose columns may still be described."""
    states = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
    return get_object_or_404(CustomerImport, pk=pk, state__in=states)


def _page(request: HttpRequest, file: CustomerImport, **forms: Any) -> HttpResponse:
    is_describing = bool(forms) or file.state in (ImportState.UPLOADED, ImportState.FAILED) or "columns" in request.GET
    context: dict[str, Any] = {"file": file, "step": "check" if file.state in CHECK else "import"}
    if is_describing and not file.is_ended and not file.is_at_work:
        context |= {"step": "columns"} | _description(file, **forms)
        template = "customers/import_columns.html"
    else:
        context["problems"] = file.problems.all()[:PROBLEMS_SHOWN]
        context["people"] = file.people.filter(is_new=True).select_related("customer")[:LISTED]
        template = "customers/import.html"
    has_errors = any(form.errors for form in forms.values())
    return render(request, template, context, status=422 if has_errors else 200)


def _description(file: CustomerImport, **forms: Any) -> dict[str, Any]:
    columns = forms.get("columns") or ColumnsForm(file=file)
    try:
        rows = table_rows(file.table, encoding=file.encoding, delimiter=file.delimiter)
        preview = [cells[: len(file.header)] for _line, cells in islice(rows, 1, 1 + PREVIEWED)]
    except (FileError, OSError) as error:
        preview, file.failure = [], file.failure or str(error)
    named = [
        (columns[f"column_{place}"], [cells[place] for cells in preview if place < len(cells) and cells[place]][:3])
        for place in range(len(file.header))
    ]
    same = CustomerImport.objects.filter(digest=file.digest, state=ImportState.DONE).exclude(pk=file.pk).first()
    return {
        "cut": _with_cut_code(file, preview),
        "description": forms.get("description") or DescriptionForm(file=file),
        "columns": columns,
        "named": named,
        "preview": preview,
        "same": same,
    }


def _with_cut_code(file: CustomerImport, preview: list[list[str]]) -> Record | None:
    """A row whose postal code lost its zeros."""
    reader = RecordReader(file)
    read = (reader.read(line, cells) for line, cells in enumerate(preview))
    return next((it for it in read if isinstance(it, Record) and it.cut_code), None)
