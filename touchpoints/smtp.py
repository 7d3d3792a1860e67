"""An SMTP conversation of our own over Django's settings: we must know whether the server got all of DATA.

Before the last dot is out the mail has certainly not been taken; after it only the server's answer tells.
"""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from django.conf import settings
from django.core.mail.utils import DNS_NAME

READY_FOR_DATA = 354
OK = 250
WILL_FORWARD = 251
SERVICE_CLOSING = 421
PERMANENT = 500
# Servers look for viruses before they answer the last dot: be patient, a doubt costs a second mail. With two
# answers to commands (EMAIL_TIMEOUT) it must stay below the lease that begins with DATA.
ANSWER_SECONDS = 30


class HostDownError(Exception):
    pass


class Result(StrEnum):
    TAKEN = "taken"
    WITHHELD = "withheld"  # by us, just before DATA
    LATER = "later"
    REFUSED = "refused"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Outcome:
    result: Result
    detail: str = ""
    is_host_down: bool = False


def host_name() -> str:
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


class Line:
    """One connection for as many mails as a run has; closed for good after the first failure of the host."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp
        self.is_open = True

    @classmethod
    def open(cls) -> Self:
        try:
            return cls(_connect())
        except (OSError, smtplib.SMTPException) as error:
            raise HostDownError(_described(error)) from error

    def deliver(self, content: bytes, *, sender: str, recipient: str, before_data: Callable[[], bool]) -> Outcome:
        """`before_data` has the last word: it notes that DATA begins, or says no."""
        try:
            outcome = self._until_data(sender, recipient, before_data)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            return self._broken(Result.LATER, _described(error))
        return outcome or self._data(content)

    def close(self) -> None:
        self.is_open = False
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()

    def _until_data(self, sender: str, recipient: str, before_data: Callable[[], bool]) -> Outcome | None:
        code, answer = self._smtp.mail(sender)
        if code == OK:
            code, answer = self._smtp.rcpt(recipient)
        if code not in {OK, WILL_FORWARD}:
            return self._refused(code, answer)
        if not before_data():
            self._smtp.rset()
            return Outcome(Result.WITHHELD)
        code, answer = self._smtp.docmd("DATA")
        return None if code == READY_FOR_DATA else self._refused(code, answer)

    def _data(self, content: bytes) -> Outcome:
        try:
            self._smtp.send(_with_dots(content))
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            return self._broken(Result.LATER, _described(error))
        try:
            self._smtp.send(b".\r\n")
            self._wait_for_answer(ANSWER_SECONDS)
            code, answer = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return self._broken(Result.DOUBT, _described(error))
        self._wait_for_answer(settings.EMAIL_TIMEOUT)
        if code == OK:
            return Outcome(Result.TAKEN)
        return self._refused(code, answer)

    def _wait_for_answer(self, seconds: float) -> None:
        if self._smtp.sock:
            self._smtp.sock.settimeout(seconds)

    def _refused(self, code: int, answer: bytes) -> Outcome:
        detail = f"{code} {answer.decode(errors='replace')}"
        if code == SERVICE_CLOSING or code < 0:
            return self._broken(Result.LATER, detail)
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._broken(Result.LATER, detail)
        return Outcome(Result.REFUSED if code >= PERMANENT else Result.LATER, detail)

    def _broken(self, result: Result, detail: str) -> Outcome:
        self.is_open = False
        self._smtp.close()
        return Outcome(result, detail, is_host_down=True)


def _connect() -> smtplib.SMTP:
    factory = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    smtp = factory(
        settings.EMAIL_HOST, settings.EMAIL_PORT, local_hostname=str(DNS_NAME), timeout=settings.EMAIL_TIMEOUT
    )
    try:
        smtp.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=ssl.create_default_context())
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _with_dots(content: bytes) -> bytes:
    """Line ends as CRLF, leading dots doubled (RFC 5321 4.5.2)."""
    lines = content.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
