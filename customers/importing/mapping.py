"""The mapping file of the command (TOML): how the file is written and what its columns mean; docs/files.md."""

import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext as _

from customers.importing.columns import BY_KEY, IDENTITIES, suggested
from customers.models import CustomerImport
from customers.models.customer_import import NumberStyle


class MappingError(Exception):
    """The mapping cannot be used; the text says why."""


class Written(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    numbers: Literal["1.234,56", "1,234.56"] | None = None
    dates: Literal["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y"] | None = None
    country: str | None = None


class Mapping(msgspec.Struct, forbid_unknown_fields=True):
    columns: dict[str, str] = {}
    file: Written = msgspec.field(default_factory=Written)
    only_fill_empty: bool = False

    @property
    def written(self) -> dict[str, Any]:
        """As the fields of an import are called; what is not said stays as it was recognised."""
        said = msgspec.structs.asdict(self.file)
        if numbers := said.pop("numbers"):
            said["number_style"] = next(style for style in NumberStyle if style.label == numbers)
        said["date_style"] = said.pop("dates")
        return {name: value for name, value in said.items() if value}

    def describes(self, file: CustomerImport) -> bool:
        said = {**self.written, "only_fill_empty": self.only_fill_empty}
        return (
            all(getattr(file, name) == value for name, value in said.items()) and self.columns_of(file) == file.columns
        )

    def columns_of(self, file: CustomerImport) -> list[str]:
        if not self.columns:
            return suggested(file.header)
        if missing := [name for name in self.columns if name not in file.header]:
            detail = {"missing": ", ".join(missing), "found": ", ".join(file.header)[:500]}
            raise MappingError(_("The file has no column %(missing)s; it has: %(found)s.") % detail)
        return [self.columns.get(name, "") for name in file.header]


def load_mapping(path: Path | None) -> Mapping:
    if path is None:
        return Mapping()
    try:
        mapping = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Mapping)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError, OSError) as error:
        raise MappingError(f"{path}: {error}") from None
    meanings = set(mapping.columns.values())
    if unknown := meanings - BY_KEY.keys():
        detail = {"unknown": ", ".join(sorted(unknown)), "known": ", ".join(BY_KEY)}
        raise MappingError(_("%(unknown)s is no meaning of a column; known are %(known)s.") % detail)
    if meanings and not meanings & set(IDENTITIES):
        raise MappingError(
            _("Name a column by which customers are found: %(kinds)s.") % {"kinds": ", ".join(IDENTITIES)}
        )
    return mapping
