"""The command's way to an import: it goes on with what it began itself, and leaves alone what others began."""

import hashlib
from pathlib import Path

from django.db import transaction

from customers.actions.importing import begin_check, cancel_import, describe_import, upload_import
from customers.importing.mapping import Mapping
from customers.models import CustomerImport


def at_work_on(*, path: Path) -> list[CustomerImport]:
    """The imports of the same file that are not done, whoever began them."""
    return list(CustomerImport.objects.of_file(_digest(path)).at_work().select_related("created_by"))


def resumed_import(*, path: Path, mapping: Mapping) -> CustomerImport | None:
    """What the command began with this file, described as now."""
    begun = CustomerImport.objects.resumable().of_file(_digest(path))
    return next((file for file in begun if mapping.describes(file)), None)


def start_import(*, path: Path, mapping: Mapping, is_resumable: bool) -> CustomerImport:
    """A check of the file as the mapping says. Raises FileError or MappingError, and then leaves nothing behind."""
    with path.open("rb") as content:
        made = upload_import(file=content, name=path.name, by=None)
    try:
        with transaction.atomic():
            describe_import(file=made, **mapping.written)
            columns, only_fill_empty = mapping.columns_of(made), mapping.only_fill_empty
            begin_check(file=made, columns=columns, only_fill_empty=only_fill_empty, is_resumable=is_resumable)
    except Exception:
        cancel_import(file=made)
        raise
    made.refresh_from_db()
    return made


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
