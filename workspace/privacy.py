"""The mailbox of the demo keeps mails as files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from customers.privacy.elsewhere import Elsewhere
from customers.privacy.person import Person


def find_mails(person: Person) -> list[dict[str, Any]]:
    return [{"file": path.name, "mail": path.read_text(errors="replace")} for path in _mails(person)]


def erase_mails(person: Person) -> int:
    found = list(_mails(person))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


MAILBOX = Elsewhere("workspace.mailbox", _("mails in the mailbox"), find_mails, erase_mails, is_outside_database=True)


def _mails(person: Person) -> Iterator[Path]:
    for path in sorted((settings.VAR_DIR / "mailbox").glob("*.eml")):
        head = path.read_bytes().partition(b"\r\n\r\n")[0].decode(errors="replace")
        if person.is_traced_in(head):
            yield path
