"""Rows to records: what will be stored, one per row or one per order with its lines."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from customers.identity import Identifier, InvalidIdentityError, identifier
from customers.table_files.cells import CACHE, CellError, bounded, number_reader
from customers.table_files.rows import Row, RowProblem
from touchpoints.file_import import cells
from touchpoints.file_import.mapping import Mapping, Rule
from touchpoints.file_import.reading import Scan

LINE = ("sku", "description", "quantity", "price")
LONGEST_MESSAGE_ID, LONGEST_TYPE, LONGEST_SUBJECT, LONGEST_PLACE = 100, 80, 120, 200


@dataclass(slots=True)
class Record:
    line: int
    row_count: int
    message_id: str
    identifiers: tuple[Identifier, ...]
    occurred_at: datetime
    type: str
    channel: str
    subject: str
    value: Decimal | None
    currency: str
    valence: int | None
    place: str
    properties: dict[str, Any] = field(default_factory=dict)


class RecordReader:
    """Reads rows as the mapping says; raises CellError where a row cannot be understood."""

    def __init__(self, mapping: Mapping, scan: Scan, *, country: str, now: datetime) -> None:
        self.mapping, self.scan = mapping, scan
        self.positions = {name: scan.header.index(name) for name in mapping.named_columns}
        self.customer_cells = itemgetter(*(self.positions[column] for column in mapping.customer.values()))
        self.number = number_reader(decimal=mapping.file.decimal, thousands=mapping.file.thousands)
        self.moment = cells.moment_reader(mapping.file, now=now)
        self.day = cells.day_reader(mapping.file)
        self.tells_steps = bool(mapping.group_by and mapping.columns.subject)
        self.identifier = lru_cache(maxsize=CACHE)(lambda kind, text: identifier(kind, text, country=country))
        self.line_columns = self._line_columns()
        self.rules = [(self.positions[rule.column], _matcher(rule, self.number), rule.type) for rule in mapping.rules]

    def single(self, row: Row) -> Record:
        columns = self.mapping.columns
        value = self._cell(row, columns.value)
        record = self._record([row], message_id=self._message_id(row))
        record.value = self.number(value) if value else None
        record.currency = self._currency(row) if value else ""
        return record

    def group(self, key: str, rows: list[Row]) -> Record:
        """One order, or one step of one where the subject has a column of its own: earliest time, all lines, their
        sum; every row must name the same customer."""
        named = {self.customer_cells(row.cells) for row in rows}
        if len(named) > 1 and len({self._identifiers(row) for row in rows}) > 1:
            raise CellError(_("The rows of “%(key)s” name different customers.") % {"key": key})
        record = self._record(rows, message_id=bounded(key, column="group_by", longest=LONGEST_MESSAGE_ID))
        told = [self._line(row) for row in rows if not self.tells_steps or self._has_line(row)]
        if told:
            record.properties["lines"] = told
        record.value = self._sum(rows[0], told)
        record.currency = self._currency(rows[0]) if record.value is not None else ""
        if self.mapping.constants.subject_kind and not self.tells_steps:
            record.subject = f"{self.mapping.constants.subject_kind}:{key}"
        return record

    def _record(self, rows: list[Row], *, message_id: str) -> Record:
        row, columns, constants = rows[0], self.mapping.columns, self.mapping.constants
        valence = self._cell(row, columns.valence)
        return Record(
            line=row.line,
            row_count=len(rows),
            message_id=message_id,
            identifiers=self._identifiers(row),
            occurred_at=min(
                self.moment(text.strip()) for text in {it.cells[self.positions[columns.time]] for it in rows}
            ),
            type=self._type(rows),
            channel=self._cell(row, columns.channel) or constants.channel or "",
            subject=self._subject(row),
            value=None,
            currency="",
            valence=cells.valence(valence) if valence else None,
            place=bounded(self._cell(row, columns.place) or constants.place, column="place", longest=LONGEST_PLACE),
            properties=self._properties(row),
        )

    def _cell(self, row: Row, column: str | None) -> str:
        return row.cells[self.positions[column]].strip() if column else ""

    def _message_id(self, row: Row) -> str:
        if self.mapping.columns.message_id:
            text = self._cell(row, self.mapping.columns.message_id)
            if not text:
                raise CellError(_("The message ID is empty."))
            return bounded(text, column=self.mapping.columns.message_id, longest=LONGEST_MESSAGE_ID)
        # Never a hash of the content: two equal rows are two touchpoints.
        return f"{self.scan.digest[:32]}:{row.number}"

    def _identifiers(self, row: Row) -> tuple[Identifier, ...]:
        """All identifiers of the row; the receipt only where nothing else names the customer."""
        named = [(kind, self._cell(row, column)) for kind, column in self.mapping.customer.items()]
        given = [(kind, text) for kind, text in named if text and kind != "receipt"]
        given = given or [(kind, self.mapping.receipt_prefix + text) for kind, text in named if text]
        if not given:
            raise CellError(_("The row names no customer."))
        try:
            return tuple(self.identifier(kind, text) for kind, text in given)
        except InvalidIdentityError as error:
            raise CellError(str(error)) from None

    def _type(self, rows: list[Row]) -> str:
        for position, matches, type_key in self.rules:
            if all(matches(row.cells[position].strip()) for row in rows):
                return type_key
        text = self._cell(rows[0], self.mapping.columns.type) or self.mapping.constants.type
        if not text:
            raise CellError(_("The type is empty."))
        return bounded(text, column="type", longest=LONGEST_TYPE)

    def _subject(self, row: Row) -> str:
        kind, key = self.mapping.constants.subject_kind, self._cell(row, self.mapping.columns.subject)
        text = f"{kind}:{key}" if kind and key else key
        return bounded(text, column="subject", longest=LONGEST_SUBJECT)

    def _properties(self, row: Row) -> dict[str, Any]:
        named = ((name, self._cell(row, column)) for name, column in self.mapping.properties.items())
        days = ((name, self._cell(row, column)) for name, column in self.mapping.days.items())
        return {name: cell for name, cell in named if cell} | {name: self.day(cell) for name, cell in days if cell}

    def _sum(self, row: Row, lines: list[dict[str, Any]]) -> Decimal | None:
        """What the column of values says, else the sum of the lines."""
        if value := self._cell(row, self.mapping.columns.value):
            return self.number(value)
        if not lines or any("price" not in line for line in lines):
            return None
        return sum((line["quantity"] * line["price"] for line in lines), Decimal(0))

    def _currency(self, row: Row) -> str:
        return cells.currency(self._cell(row, self.mapping.columns.currency) or self.mapping.constants.currency or "")

    def _line(self, row: Row) -> dict[str, Any]:
        cells, is_sparse = row.cells, self.tells_steps
        return {
            name: read(cells[position])
            for name, position, read in self.line_columns
            if not is_sparse or name == "quantity" or cells[position].strip()
        }

    def _has_line(self, row: Row) -> bool:
        return any(row.cells[position].strip() for _name, position, _read in self.line_columns)

    def _line_columns(self) -> list[tuple[str, int, Callable[[str], Any]]]:
        """Name, position and reader of each column of a line; this runs for every row of the file."""
        readers: dict[str, Callable[[str], Any]] = {"quantity": self.number, "price": self.number}
        named = [(name, getattr(self.mapping.lines, name, None)) for name in LINE]
        return [(name, self.positions[column], readers.get(name, str.strip)) for name, column in named if column]


def read_records(rows: Iterable[Row | RowProblem], reader: RecordReader) -> Iterator[Record | RowProblem]:
    return _groups(rows, reader) if reader.mapping.group_by else _singles(rows, reader)


def _singles(rows: Iterable[Row | RowProblem], reader: RecordReader) -> Iterator[Record | RowProblem]:
    for row in rows:
        if isinstance(row, RowProblem):
            yield row
            continue
        try:
            yield reader.single(row)
        except CellError as error:
            yield RowProblem(row.line, str(error), row.cells)


def _groups(rows: Iterable[Row | RowProblem], reader: RecordReader) -> Iterator[Record | RowProblem]:
    """An order is complete with its last row in the file, wherever that stands; one bad row keeps all of it out."""
    waiting: defaultdict[str, list[Row | RowProblem]] = defaultdict(list)
    wanted, position = reader.scan.rows_of_group, reader.positions[reader.mapping.group_by or ""]
    for row in rows:
        key = row.cells[position].strip() if position < len(row.cells) else ""
        if not key:
            yield row if isinstance(row, RowProblem) else RowProblem(row.line, _("The order has no number."), row.cells)
            continue
        gathered = waiting[key]
        gathered.append(row)
        if len(gathered) == wanted[key]:
            del waiting[key]
            yield from _group(key, gathered, reader)


def _group(key: str, gathered: list[Row | RowProblem], reader: RecordReader) -> Iterator[Record | RowProblem]:
    rows = [row for row in gathered if isinstance(row, Row)]
    problems = [row for row in gathered if isinstance(row, RowProblem)] if len(rows) < len(gathered) else []
    if not problems:
        try:
            yield reader.group(key, rows)
        except CellError:
            problems = list(_problems(key, rows, reader))
        else:
            return
    yield from problems
    detail = _("Left out with the other rows of “%(key)s” because of line %(line)s.")
    bad = {problem.line for problem in problems}
    for row in rows:
        if row.line not in bad:
            yield RowProblem(row.line, detail % {"key": key, "line": problems[0].line}, row.cells)


def _problems(key: str, rows: list[Row], reader: RecordReader) -> Iterator[RowProblem]:
    """The rows that spoil the group; the first one, where only all together are wrong."""
    found = False
    for row in rows:
        try:
            reader.group(key, [row])
        except CellError as error:
            found = True
            yield RowProblem(row.line, str(error), row.cells)
    if not found:
        try:
            reader.group(key, rows)
        except CellError as error:
            yield RowProblem(rows[0].line, str(error), rows[0].cells)


def _matcher(rule: Rule, number: Callable[[str], Decimal]) -> Callable[[str], bool]:
    if rule.starts_with is not None:
        start = rule.starts_with
        return lambda text: text.startswith(start)
    if rule.equals is not None:
        return lambda text: text == rule.equals
    limit = Decimal(str(rule.below))
    return lambda text: number(text) < limit
