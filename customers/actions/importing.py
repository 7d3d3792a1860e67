"""The steps of an import that somebody decides; customers.actions.working does what they lead to."""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Brand, User
from customers.importing.columns import suggested
from customers.models import CustomerImport, ImportClaim, ImportProblem
from customers.models.customer_import import ENDED, DateStyle, ImportState, NumberStyle
from customers.table_files import workbook
from customers.table_files.recognising import delimiter_of, encoding_of, header_and_count, is_workbook
from customers.table_files.rows import FileError
from customers.table_files.workbook import WorkbookError, convert

CHUNK = 1 << 20
DESCRIBED = ("sheet", "encoding", "delimiter", "number_style", "date_style")
KEEP_FILES, KEEP_PROBLEMS = timedelta(days=7), timedelta(days=90)


def upload_import(*, file: IO[bytes], name: str, by: User | None) -> CustomerImport:
    """Keep the file and look at it. Raises FileError when it is no table that can be read."""
    brand = Brand.objects.filter(is_default=True).first()
    is_german = by is None or by.language == "de"
    made = CustomerImport(
        name=name[-200:],
        stored_as=secrets.token_hex(16),
        country=brand.country if brand else "DE",
        number_style=NumberStyle.COMMA if is_german else NumberStyle.POINT,
        date_style=DateStyle.DAY_FIRST if is_german else DateStyle.ISO,
        created_by=by,
    )
    made.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        made.digest = _keep(file, made)
        made.is_workbook = is_workbook(made.path)
        if not made.is_workbook:
            made.encoding = encoding_of(made.path)
            made.delimiter = delimiter_of(made.path, encoding=made.encoding)
        _look_again(made)
    except FileError:
        remove_files(made)
        raise
    except OSError:
        remove_files(made)
        raise FileError(_workbook_reason("unwritten")) from None
    made.save()
    return made


@transaction.atomic
def describe_import(*, file: CustomerImport, **written: Any) -> CustomerImport:
    """The person says how the file is written: encoding, delimiter, sheet, numbers, dates, country.

    What was checked before is to be checked again; once an import is at work it is too late.
    """
    held = CustomerImport.objects.select_for_update().get(pk=file.pk)
    if held.is_at_work or held.is_ended:
        return held
    before = {name: getattr(held, name) for name in (*DESCRIBED, "country")}
    for name, value in written.items():
        setattr(held, name, value)
    if any(before[name] != getattr(held, name) for name in DESCRIBED):
        header = held.header
        _look_again(held)
        held.columns = held.columns if held.header == header else suggested(held.header)
    if before != {name: getattr(held, name) for name in before}:
        held.begin(ImportState.UPLOADED)
    held.save()
    file.refresh_from_db()
    return file


@transaction.atomic
def begin_check(
    *, file: CustomerImport, columns: Sequence[str], only_fill_empty: bool, is_resumable: bool = False
) -> bool:
    """Dry run of every row, nothing stored; False when it is too late for that."""
    return _begin(
        file, ImportState.CHECKING, then=(ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED),
        columns=list(columns), only_fill_empty=only_fill_empty, is_resumable=is_resumable,
    )  # fmt: skip


@transaction.atomic
def begin_import(*, file: CustomerImport) -> bool:
    return _begin(file, ImportState.RUNNING, then=(ImportState.CHECKED,))


@transaction.atomic
def cancel_import(*, file: CustomerImport) -> bool:
    """Stop here: what is imported stays, the rest is left out and the file is removed. Figures of a check go."""
    held = CustomerImport.objects.select_for_update().get(pk=file.pk)
    if held.state in ENDED:
        return False
    if not held.people.exists():
        held.begin(ImportState.CANCELLED)
    held.state, held.ended_at = ImportState.CANCELLED, timezone.now()
    held.save()
    ImportClaim.objects.filter(customer_import=held).delete()
    transaction.on_commit(lambda: remove_files(held))
    return True


def remove_files(file: CustomerImport) -> None:
    for path in file.folder.glob(f"{file.stored_as}*"):
        path.unlink(missing_ok=True)


def _begin(file: CustomerImport, state: ImportState, *, then: Sequence[ImportState], **fields: Any) -> bool:
    held = CustomerImport.objects.select_for_update().get(pk=file.pk)
    if held.state not in then:
        return False
    for name, value in fields.items():
        setattr(held, name, value)
    held.begin(state)
    held.save()
    ImportProblem.objects.filter(customer_import=held).delete()
    ImportClaim.objects.filter(customer_import=held).delete()
    return True


def _keep(file: IO[bytes], made: CustomerImport) -> str:
    digest = hashlib.sha256()
    with made.path.open("xb") as kept:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            kept.write(chunk)
    return digest.hexdigest()


def _look_again(file: CustomerImport) -> None:
    """What was read before stays until all of it is read anew."""
    if file.is_workbook:
        file.encoding, file.delimiter = "utf-8", workbook.DELIMITER
        with _beside(file.table) as fresh:
            file.sheets, file.sheet = _converted(file, fresh)
            file.header, file.rows = header_and_count(fresh, encoding=file.encoding, delimiter=file.delimiter)
            fresh.replace(file.table)
    else:
        file.header, file.rows = header_and_count(file.table, encoding=file.encoding, delimiter=file.delimiter)
    file.columns = file.columns or suggested(file.header)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name of its own: the process that writes it may outlive the one that asked for it."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


def _converted(file: CustomerImport, target: Path) -> tuple[list[str], str]:
    decimal = NumberStyle(file.number_style).decimal
    try:
        return convert(file.path, target, sheet=file.sheet, decimal=decimal, date_format=str(file.date_style))
    except WorkbookError as error:
        raise FileError(_workbook_reason(error.why)) from None


def _workbook_reason(why: str) -> str:
    return {
        "locked": _("The workbook is protected by a password; save it without one."),
        "unreadable": _("This is a ZIP file or a workbook that cannot be read; save the sheet as CSV."),
        "empty": _("The workbook has no sheet with cells."),
        "unwritten": _("The server cannot keep the file: its disk may be full. Ask whoever runs it."),
    }.get(why, _("The workbook is too large to be read, or damaged; save the sheet as CSV."))


def forget_imports(*, now: datetime) -> int:
    """Files nobody went on with go after a week, the lists of rows left out (they name people) after three months."""
    ImportProblem.objects.filter(customer_import__ended_at__lt=now - KEEP_PROBLEMS).delete()
    waiting = CustomerImport.objects.waiting_since(now - KEEP_FILES)
    return sum(cancel_import(file=file) for file in waiting)
