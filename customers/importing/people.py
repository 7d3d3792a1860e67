"""What a batch of rows does to persons: the rows applied one after the other, whoever they name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from customers.identity import Identifier
from customers.importing.matching import Matching, TwoPersonsError
from customers.importing.records import FIELDS, Problem, Record, reread

STORED = (*FIELDS, "owner_id", "properties")
NOTHING: dict[str, Any] = {**dict.fromkeys(FIELDS, ""), "owner_id": None, "properties": {}}


@dataclass(slots=True)
class Face:
    """A person as the file will have them."""

    line: int
    fields: dict[str, Any]
    is_changed: bool = False


@dataclass
class Outcome:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    refused: int = 0
    restored: int = 0
    problems: list[Problem] = field(default_factory=list)


class Batch:
    """`known`: the fields of those who exist; `earlier`: whom rows of earlier batches named."""

    def __init__(self, matching: Matching, *, only_fill_empty: bool) -> None:
        self.matching, self.only_fill_empty = matching, only_fill_empty
        self.outcome = Outcome()
        self.rows: list[tuple[Record, int, bool]] = []
        self.faces: dict[int, Face] = {}
        self.first_named: list[int] = []

    def match(self, records: Iterable[Record]) -> None:
        for record in records:
            try:
                main = self.matching.holder_of(record.identifiers)
            except TwoPersonsError as error:
                self.refuse([_two_persons(record.line, error.one, error.other)])
            else:
                self.rows.append((record, main.person, self.matching.give(record.identifiers, main)))
                self.outcome.restored += bool(record.cut_code)

    def apply(self, *, known: dict[int, dict[str, Any]], earlier: set[int]) -> None:
        for record, person, has_news in self.rows:
            face = self.faces.get(person)
            is_first = face is None and person not in earlier
            if face is None:
                face = self.faces[person] = Face(record.line, dict(known.get(person, NOTHING)))
            is_changed = self._change(face, record.fields)
            if not is_first:
                self.outcome.repeated += 1
                continue
            self.first_named.append(person)
            if person < 0:
                self.outcome.created += 1
            elif is_changed or has_news:
                self.outcome.updated += 1
            else:
                self.outcome.unchanged += 1

    def refuse(self, problems: list[Problem]) -> None:
        self.outcome.refused += 1
        self.outcome.problems += problems

    def _change(self, face: Face, said: dict[str, Any]) -> bool:
        is_changed = False
        for name, value in said.items():
            before = face.fields[name]
            if name == "properties":
                value = value | before if self.only_fill_empty else before | value
            elif not value or (before and self.only_fill_empty):
                continue
            if value != before and not (before and _is_same(before, value)):
                face.fields[name] = value
                is_changed = True
        face.is_changed = face.is_changed or is_changed
        return is_changed


def _is_same(before: Any, value: Any) -> bool:
    """Whether a cell with what is stored reads so: an export that comes back changes nothing."""
    return isinstance(before, str) and isinstance(value, str) and reread(before) == value


def _two_persons(line: int, one: Identifier, other: Identifier) -> Problem:
    reason = _("“%(one)s” and “%(other)s” belong to two customers; merge them first, or mend the row.")
    return Problem(line, "", "", reason % {"one": one.value, "other": other.value})
