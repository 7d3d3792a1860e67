"""The mapping file (TOML): what the columns of a CSV file mean. docs/files.md explains every entry."""

import tomllib
import zoneinfo
from codecs import lookup
from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from customers.models.identity import IdentityKind


class MappingError(Exception):
    """The mapping cannot be used; the text says why."""


OneSign = Annotated[str, msgspec.Meta(min_length=1, max_length=1)]
Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*\Z", max_length=40)]
Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]


class Declared(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, dict=True):
    pass


class Format(Declared):
    """How the file is written; nothing is guessed."""

    encoding: str = "utf-8"
    delimiter: OneSign = ","
    decimal: OneSign = "."
    thousands: str = ""
    time_zone: str = ""
    """Of stamps without an offset; without it they are refused."""
    time_format: str = ""
    """As for strptime; empty is ISO 8601."""
    day_format: str = ""
    """The same for days."""

    @cached_property
    def zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.time_zone) if self.time_zone else None


class Constants(Declared):
    """The same for every row."""

    type: str = ""
    channel: Key | None = None
    currency: Currency | None = None
    subject_kind: Key | None = None
    place: str = ""


class Columns(Declared):
    time: str
    message_id: str | None = None
    type: str | None = None
    channel: str | None = None
    subject: str | None = None
    value: str | None = None
    currency: str | None = None
    valence: str | None = None
    place: str | None = None


class Lines(Declared):
    """The columns of one line of an order; without price the lines have no sum."""

    quantity: str
    price: str | None = None
    sku: str | None = None
    description: str | None = None


class Rule(Declared):
    """Gives another type where the column matches; in a group every row must match."""

    column: str
    type: str
    starts_with: str | None = None
    equals: str | None = None
    below: float | None = None


class Mapping(Declared):
    columns: Columns
    source: Key = "file_import"
    file: Format = msgspec.field(default_factory=Format)
    constants: Constants = msgspec.field(default_factory=Constants)
    customer: dict[str, str] = {}
    """Identity kind to column, the most reliable first; `receipt` names whom a row without customer belongs to."""
    receipt_prefix: str = ""
    group_by: str | None = None
    lines: Lines | None = None
    properties: dict[str, str] = {}
    days: dict[str, str] = {}
    """Properties that are days, such as promised_on."""
    rules: list[Rule] = []

    @property
    def named_columns(self) -> set[str]:
        """Every column of the file that the mapping speaks of."""
        fixed = [getattr(part, name) for part in (self.columns, self.lines) if part for name in part.__struct_fields__]
        ruled = [rule.column for rule in self.rules]
        grouped = [self.group_by]
        return {
            name
            for name in [
                *fixed,
                *ruled,
                *grouped,
                *self.customer.values(),
                *self.properties.values(),
                *self.days.values(),
            ]
            if name
        }


def load_mapping(path: Path) -> Mapping:
    try:
        mapping = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Mapping)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError, OSError) as error:
        raise MappingError(f"{path}: {error}") from None
    for problem in _problems(mapping):
        raise MappingError(f"{path}: {problem}")
    return mapping


def _problems(mapping: Mapping) -> list[str]:
    checks = {
        _("file.encoding “%(name)s” is unknown.") % {"name": mapping.file.encoding}: _is_encoding(mapping),
        _("file.time_zone “%(name)s” is unknown.") % {"name": mapping.file.time_zone}: not mapping.file.time_zone
        or mapping.file.time_zone in zoneinfo.available_timezones(),
        _("file.decimal and file.thousands must differ."): mapping.file.decimal != mapping.file.thousands,
        _("Name a type: constants.type, or columns.type."): bool(mapping.constants.type or mapping.columns.type),
        _("customer needs at least one column."): bool(mapping.customer),
        _("customer: “%(names)s” is no kind of identity.")
        % {"names": ", ".join(_unknown_kinds(mapping))}: not _unknown_kinds(mapping),
        _("lines need group_by, and group_by needs lines."): bool(mapping.lines) == bool(mapping.group_by),
        _("A value needs a currency: constants.currency or columns.currency."): _has_currency(mapping),
        _("Each rule needs exactly one of starts_with, equals, below."): all(map(_is_single, mapping.rules)),
    }
    return [problem for problem, is_fine in checks.items() if not is_fine]


def _is_encoding(mapping: Mapping) -> bool:
    try:
        return bool(lookup(mapping.file.encoding))
    except LookupError:
        return False


def _unknown_kinds(mapping: Mapping) -> list[str]:
    return [kind for kind in mapping.customer if kind not in IdentityKind.values]


def _has_currency(mapping: Mapping) -> bool:
    has_value = mapping.columns.value or mapping.lines
    return not has_value or bool(mapping.constants.currency or mapping.columns.currency)


def _is_single(rule: Rule) -> bool:
    return [rule.starts_with, rule.equals, rule.below].count(None) == 2
