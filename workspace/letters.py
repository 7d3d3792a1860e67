"""The mails that the mailbox of `make run` took (workspace.mailbox), read back from their files."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

NAME = re.compile(r"(?P<moment>\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)_\d+")
MOST = 100


@dataclass(frozen=True)
class Letter:
    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["subject"] or "–")

    @property
    def sender(self) -> str:
        return str(self.message["from"] or "–")

    @property
    def recipient(self) -> str:
        return str(self.message["to"] or "–")

    @property
    def arrived_at(self) -> datetime:
        return datetime.strptime(self.name[:19], "%Y-%m-%d_%H-%M-%S").replace(tzinfo=UTC)

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def text(self) -> str:
        return self._body("plain")

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


def letters(folder: Path) -> list[Letter]:
    """The newest first; a mail of which only half is written has another ending."""
    files = sorted(folder.glob("*.eml"), reverse=True)[:MOST]
    return [_read(file) for file in files if NAME.fullmatch(file.stem)]


def letter(folder: Path, *, name: str) -> Letter | None:
    file = folder / f"{name}.eml"
    return _read(file) if NAME.fullmatch(name) and file.is_file() else None


def _read(file: Path) -> Letter:
    return Letter(file.stem, message_from_bytes(file.read_bytes(), policy=policy.default))
