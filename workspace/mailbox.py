import itertools
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Takes every mail and sends none: each becomes a file that a mail program or a text editor opens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        try:
            self._write(content)
        except OSError:
            return "452 4.3.1 The mail cannot be stored here now"
        return "250 2.0.0 Stored"

    def _write(self, content: bytes) -> None:
        """Under a name that sorts by time; written beside and renamed, so nobody reads half a mail."""
        moment = datetime.now(tz=UTC).strftime("%Y-%m-%d_%H-%M-%S")
        for number in itertools.count(1):
            file = self.folder / f"{moment}_{number:03}.eml"
            if file.exists():
                continue
            beside = file.with_suffix(".part")
            beside.write_bytes(content)
            beside.rename(file)
            return
