"""The lines of an order, and how many of each were shipped, delivered, exchanged, returned, cancelled. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from touchpoints import told

NOTHING, ONE = Decimal(0), Decimal(1)
SHIPPED, DELIVERED, EXCHANGED, RETURNED, CANCELLED = DONE = (
    "shipped", "delivered", "exchanged", "returned", "cancelled",
)  # fmt: skip
# What cannot be shipped, returned … any more, because this happened to it.
GONE = {
    SHIPPED: (CANCELLED,),
    DELIVERED: (CANCELLED,),
    EXCHANGED: (CANCELLED, RETURNED),
    RETURNED: (CANCELLED, EXCHANGED),
    CANCELLED: (),
}
# By what a line is recognised in another touchpoint, the surest first.
NAMES = ("sku", "product_id", "description", "name")

Quantities = list[tuple[str, Decimal]]
"""(what, how many)"""


@dataclass
class Line:
    raw: Any
    name: str
    quantity: Decimal
    is_replacement: bool = False
    done: dict[str, Decimal] = field(default_factory=dict)

    def count(self, what: str) -> Decimal:
        return self.done.get(what, NOTHING)

    def left(self, what: str) -> Decimal:
        """How many can still be shipped, returned …"""
        if not self.done:
            return self.quantity
        return self.quantity - self.count(what) - sum(self.count(it) for it in GONE[what])

    def add(self, what: str, quantity: Decimal) -> Decimal:
        """How many of them do not fit."""
        taken = max(min(quantity, self.left(what)), NOTHING)
        if taken:
            self.done[what] = self.count(what) + taken
        return quantity - taken

    def as_told(self) -> Any:
        """As it was sent, with what became of it; what is not named is none."""
        if not isinstance(self.raw, dict):
            return self.raw
        raw = {key: value for key, value in self.raw.items() if key not in DONE and key != "is_replacement"}
        done = {what: plain(self.done[what]) for what in DONE if self.count(what)}
        return raw | done | ({"is_replacement": True} if self.is_replacement else {})


class Contents:
    """All lines of an order. `None` in place of quantities means all of it."""

    def __init__(self, raw: list[Any]) -> None:
        self.lines = [_line(it) for it in raw]
        self.begun: set[str] = set()
        self.complete: set[str] = set()

    def matching(self, raw: Any) -> Quantities | None:
        """What a touchpoint names of this order; None where it names nothing that is known here."""
        known = {line.name for line in self.lines if line.name}
        told_lines = [_line(it) for it in raw] if isinstance(raw, list) else []
        return [(line.name, line.quantity) for line in told_lines if line.name in known] or None

    def add(self, what: str, quantities: Quantities | None) -> None:
        self.begun.add(what)
        if quantities is None:
            self.complete.add(what)
            for line in self._meant_by(what):
                line.add(what, line.left(what))
        for name, quantity in quantities or ():
            for line in self.lines:
                if line.name == name:
                    quantity = line.add(what, quantity)

    def replace(self, raw: Any) -> None:
        """What goes out for what is exchanged."""
        added = [_line(it) for it in raw if isinstance(it, dict)] if isinstance(raw, list) else []
        for line in added:
            line.is_replacement = True
        self.lines += added

    def is_complete(self, what: str) -> bool:
        """Once it is, it stays so. Asked after every step, so what never began is not counted."""
        if what in self.complete or what not in self.begun:
            return what in self.complete
        meant = [line for line in self._meant_by(what) if line.name]
        if any(line.count(what) for line in meant) and all(line.left(what) <= 0 for line in meant):
            self.complete.add(what)
        return what in self.complete

    def as_told(self) -> list[Any]:
        return [line.as_told() for line in self.lines]

    def _meant_by(self, what: str) -> Iterable[Line]:
        """A replacement may still be on its way when everything that was ordered has arrived."""
        is_first_way = what in (SHIPPED, DELIVERED)
        return [line for line in self.lines if not (is_first_way and line.is_replacement)]


def exchanged(properties: Mapping[str, Any]) -> tuple[Any, Any]:
    """The lines that come back and those that go out; where these are not told apart, by their sign: -1 comes back."""
    lines, replacements = properties.get("lines"), properties.get("replacements")
    if replacements is not None or not isinstance(lines, list):
        return lines, replacements
    back = [line for line in lines if _is_negative(line)]
    return (back, [line for line in lines if not _is_negative(line)]) if back else (lines, None)


def plain(quantity: Decimal) -> int | float:
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)


def _is_negative(line: Any) -> bool:
    quantity = line.get("quantity") if isinstance(line, dict) else None
    return told.text(quantity).startswith("-") or (isinstance(quantity, float) and quantity < 0)


def _line(raw: Any) -> Line:
    fields = raw if isinstance(raw, dict) else {}
    quantity = told.number(fields.get("quantity"))
    name = next((name for it in NAMES if (name := told.text(fields.get(it)))), "")
    return Line(raw=raw, name=name, quantity=ONE if quantity is None else quantity)
