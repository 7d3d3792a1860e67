"""Rows to records: who is named, by which identifiers, with which fields; or everything that is wrong with the row."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from customers.identity import Identifier, InvalidIdentityError, new_identifier
from customers.importing import words
from customers.importing.columns import DAY, IDENTITIES, NUMBER, TEXT
from customers.importing.lost_digits import is_shortened, with_plus, with_zeros
from customers.models import Customer, CustomerImport
from customers.models.customer_import import DateStyle, NumberStyle
from customers.spreadsheets import FORMULA, harmless
from customers.table_files.cells import CACHE, CellError, bounded, number_reader, short
from customers.table_files.rows import is_text

FIELDS = (
    "salutation", "title", "given_name", "family_name", "company_name", "street", "postal_code", "city", "country",
    "language", "time_zone",
)  # fmt: skip
LONGEST = {field.name: field.max_length or 0 for field in Customer._meta.fields if field.name in FIELDS}
DETAILS = (TEXT, NUMBER, DAY)
LONGEST_DETAIL, LONGEST_NAME = 500, 60
_unprintable = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Problem(NamedTuple):
    line: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Record:
    line: int
    identifiers: tuple[Identifier, ...]
    fields: dict[str, Any]
    """Only what the row holds: names of columns of customers, `owner_id`, and `properties` as a dict."""
    cut_code: str = ""
    """The postal code as it was written, where its leading zeros were put back."""


Column = tuple[int, str, Callable[[str], Any]]
"""Place, name and reader."""
Reading = Record | list[Problem]
"""What a row says, or all that is wrong with it."""


class RecordReader:
    def __init__(self, file: CustomerImport) -> None:
        self.header, self.default_country = file.header, file.country
        self.style = NumberStyle(file.number_style)
        self.day = _day_reader(DateStyle(file.date_style))
        places = [(place, key) for place, key in enumerate(file.columns) if key]
        self.named = [(place, key) for place, key in places if key in IDENTITIES]
        self.fields = [(place, *self._field(key)) for place, key in places if key in (*FIELDS, "owner")]
        self.details = [(place, self._name(place), self._detail(key)) for place, key in places if key in DETAILS]
        self.house_number = next((place for place, key in places if key == "house_number"), None)

    def read(self, line: int, cells: list[str]) -> Reading:
        if problems := self._unreadable(line, cells):
            return problems
        fields = self._take(line, cells, self.fields, problems)
        if self.house_number is not None and "street" in fields:
            street = f"{fields['street']} {cells[self.house_number].strip()}"
            fields["street"] = street.strip()[: LONGEST["street"]]
        country = fields.get("country") or self.default_country
        identifiers = self._identifiers(line, cells, country, problems)
        if details := self._take(line, cells, self.details, problems):
            fields["properties"] = details
        if not identifiers and not problems:
            reason = _("The row has no customer number, e-mail address or other identifier to find the customer by.")
            problems.append(Problem(line, "", "", reason))
        return problems or Record(line, identifiers, fields, _put_zeros_back(fields, country))

    def _take(self, line: int, cells: list[str], columns: list[Column], problems: list[Problem]) -> dict[str, Any]:
        taken = {}
        for place, name, reader in columns:
            text = _unprotected(cells[place])
            if text:
                try:
                    taken[name] = reader(text)
                except CellError as error:
                    problems.append(Problem(line, self._name(place), short(text), str(error)))
        return taken

    def _identifiers(
        self, line: int, cells: list[str], country: str, problems: list[Problem]
    ) -> tuple[Identifier, ...]:
        found: dict[Identifier, None] = {}
        for place, kind in self.named:
            text = _unprotected(cells[place])
            if text:
                try:
                    found[_identifier(kind, text, country)] = None
                except CellError as error:
                    problems.append(Problem(line, self._name(place), short(text), str(error)))
        return tuple(found)

    def _unreadable(self, line: int, cells: list[str]) -> list[Problem]:
        width = len(self.header)
        if len(cells) != width and (len(cells) < width or any(cells[width:])):
            detail = _("The row has %(found)s fields instead of %(wanted)s.")
            return [Problem(line, "", "", detail % {"found": len(cells), "wanted": width})]
        joined = "".join(cells)
        if joined.isprintable() or (not _unprintable.search(joined) and is_text(cells)):
            return []
        bad = next(place for place, cell in enumerate(cells) if _unprintable.search(cell) or not is_text([cell]))
        reason = _("The cell holds signs that are no text in the declared encoding.")
        return [Problem(line, self._name(bad), short(_printable(cells[bad])), reason)]

    def _name(self, place: int) -> str:
        name = self.header[place][:LONGEST_NAME] if place < len(self.header) else ""
        return name or _("Column %(number)s") % {"number": place + 1}

    def _field(self, key: str) -> tuple[str, Callable[[str], Any]]:
        if key == "owner":
            return "owner_id", words.Colleagues().read
        special = {"salutation": words.salutation, "country": words.country, "language": words.language}
        return key, special.get(key) or (_zone if key == "time_zone" else _text_reader(key, longest=LONGEST[key]))

    def _detail(self, key: str) -> Callable[[str], Any]:
        if key == NUMBER:
            amount = number_reader(decimal=self.style.decimal, thousands=self.style.thousands)
            return lambda text: _as_json(amount(text))
        return self.day if key == DAY else _text_reader(_("text"), longest=LONGEST_DETAIL)


def read_records(rows: Iterator[tuple[int, list[str]]], reader: RecordReader) -> Iterator[Reading]:
    for line, cells in rows:
        yield reader.read(line, cells)


def _identifier(kind: str, text: str, country: str) -> Identifier:
    if kind != "email" and is_shortened(text):
        raise CellError(
            _("A spreadsheet has shortened this number: save the file again with the column as text, or as workbook.")
        )
    try:
        return new_identifier(kind, with_plus(text, country=country) if kind == "phone" else text, country=country)
    except InvalidIdentityError:
        raise CellError(_how_to_write(kind)) from None


def _put_zeros_back(fields: dict[str, Any], country: str) -> str:
    """The postal code as it was written, if any were missing."""
    written: str = fields.get("postal_code", "")
    if not written or (code := with_zeros(written, country=country)) == written:
        return ""
    fields["postal_code"] = code
    return written


def reread(text: str) -> str:
    """A stored text as it comes back from an export."""
    return _in_one_line(_unprotected(harmless(text)))


def _in_one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "\r" in text or "\t" in text else text


def _text_reader(column: str, *, longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        text = _in_one_line(text)
        return text if len(text) <= longest else bounded(text, column=column, longest=longest)

    return read


def _day_reader(style: DateStyle) -> Callable[[str], str]:
    @lru_cache(maxsize=CACHE)
    def read(text: str) -> str:
        try:
            return datetime.strptime(text, style.value).date().isoformat()  # noqa: DTZ007
        except ValueError:
            detail = _("“%(text)s” is no date written like %(example)s.")
            example = datetime(2026, 12, 31).strftime(style.value)  # noqa: DTZ001
            raise CellError(detail % {"text": short(text), "example": example}) from None

    return read


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise CellError(_("“%(text)s” is no time zone; write for example Europe/Berlin.") % {"text": short(text)})
    return text


def _how_to_write(kind: str) -> str:
    return {
        "email": _("This is no e-mail address; write it like name@example.de."),
        "phone": _("This is no phone number of the country; write it like +49 30 1234567."),
    }.get(kind, _("Write up to 320 visible characters."))


def _as_json(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _printable(text: str) -> str:
    return _unprintable.sub("�", text.encode("utf-8", "replace").decode())


def _unprotected(cell: str) -> str:
    """Without the quote that an export puts before what a spreadsheet would calculate."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text
