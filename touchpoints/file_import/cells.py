"""What stands in a cell, by the declared style of the file: numbers, moments, small vocabulary. Never guessed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from customers.table_files.cells import CACHE, CellError, short
from touchpoints.file_import.mapping import Format

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def moment_reader(file: Format, *, now: datetime) -> Callable[[str], datetime]:
    latest = now + timedelta(hours=24)

    @lru_cache(maxsize=CACHE)
    def read(text: str) -> datetime:
        try:
            moment = datetime.strptime(text, file.time_format) if file.time_format else datetime.fromisoformat(text)  # noqa: DTZ007
        except ValueError:
            wanted = file.time_format or "2026-12-31 23:59:59"
            detail = _("“%(text)s” is no time written like %(wanted)s.")
            raise CellError(detail % {"text": short(text), "wanted": wanted}) from None
        if moment.tzinfo is None:
            if file.zone is None:
                raise CellError(
                    _("“%(text)s” has no offset and the mapping declares no file.time_zone.") % {"text": text}
                )
            moment = moment.replace(tzinfo=file.zone)
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            moment = EARLIEST - timedelta(days=1)
        if not EARLIEST <= moment <= latest:
            raise CellError(_("“%(text)s” lies before 1970 or in the future.") % {"text": text})
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    return read


def day_reader(file: Format) -> Callable[[str], str]:
    @lru_cache(maxsize=CACHE)
    def read(text: str) -> str:
        """As 2026-12-31."""
        try:
            moment = datetime.strptime(text, file.day_format) if file.day_format else datetime.fromisoformat(text)  # noqa: DTZ007
        except ValueError:
            detail = _("“%(text)s” is no day written like %(wanted)s.")
            wanted = file.day_format or "2026-12-31"
            raise CellError(detail % {"text": short(text), "wanted": wanted}) from None
        return moment.date().isoformat()

    return read


@lru_cache(maxsize=CACHE)
def currency(text: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text):
        raise CellError(_("“%(text)s” is no currency; write for example EUR.") % {"text": short(text)})
    return text


def valence(text: str) -> int:
    if text not in {"-2", "-1", "0", "1", "2", "+1", "+2"}:
        raise CellError(_("“%(text)s” is no valence from -2 to 2.") % {"text": short(text)})
    return int(text)
