"""The slow way to tell what touchpoints make of a subject: piece by piece, everything anew after every step.

An order is a heap of single pieces with marks on them. Nothing here is shared with what it is compared to.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
COURSE = ["placed", "paid", "partly_shipped", "shipped", "partly_delivered", "delivered", "exchanged", "returned",
          "refunded", "cancelled"]  # fmt: skip
SAME_MOMENT = ["order_placed", "order_updated", "order_paid", "order_shipped", "order_delivered", "order_exchanged",
               "order_returned", "order_refunded", "order_cancelled", "case_opened", "case_waiting", "case_resolved",
               "case_closed", "case_reopened", "subscription_started", "subscription_renewed", "subscription_paused",
               "subscription_cancelled", "subscription_ended"]  # fmt: skip
MARKS = ("shipped", "delivered", "exchanged", "returned", "cancelled")
MONTHS_A_PAYMENT = {None: 1, "month": 1, "quarter": 3, "year": 12}


@dataclass
class Told:
    """One touchpoint that stands."""

    type: str
    at: datetime
    id: str
    value: Decimal | None = None
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass
class Piece:
    line: int
    name: str
    is_replacement: bool = False
    marks: set[str] = field(default_factory=set)


def expected(kind: str, told: list[Told]) -> dict[str, Any] | None:
    told = sorted(told, key=lambda it: (it.at, SAME_MOMENT.index(it.type) if it.type in SAME_MOMENT else -1, it.id))
    steps = [it for it in told if it.type != "tracking_viewed"]
    if not steps:
        return None
    return expected_order(steps) if kind == "order" else expected_other(kind, steps)


def expected_other(kind: str, steps: list[Told]) -> dict[str, Any]:
    found: dict[str, Any] = {"state": steps[-1].type.partition("_")[2], "changed_at": steps[-1].at}
    if kind == "subscription":
        paid = [it for it in steps if it.type in ("subscription_started", "subscription_renewed") and it.value]
        days = [day for it in steps if (day := it.properties.get("runs_until"))]
        found["runs_until"] = date.fromisoformat(days[-1]) if days else None
        months = MONTHS_A_PAYMENT[paid[-1].properties.get("interval")] if paid else 1
        found["monthly_value"] = round(paid[-1].value / months, 4) if paid and paid[-1].value else None
    return found


def expected_order(steps: list[Told]) -> dict[str, Any]:
    states = [state_after(steps[: count + 1], steps) for count in range(len(steps))]
    # Only forward.
    best = [
        max(states[: count + 1], key=lambda state: COURSE.index(state) if state else -1) for count in range(len(states))
    ]
    state = best[-1]
    delivered_at = first(steps, "delivered")
    promises = [it.properties["promised_on"] for it in steps if "promised_on" in it.properties]
    promised_on = date.fromisoformat(promises[0]) if promises else None
    late = (delivered_at.astimezone(BERLIN).date() - promised_on).days if delivered_at and promised_on else None
    refunds = [it.value for it in steps if it.type == "order_refunded" and it.value]
    return {
        "state": state,
        "changed_at": steps[best.index(state)].at,
        "value": order_value(steps),
        # Without a value nobody knows the currency of the order.
        "refunded": sum(refunds) if refunds and order_value(steps) is not None else None,
        "net_value": net_value(steps, state),
        "paid_at": next((it.at for it in steps if it.type == "order_paid"), None),
        "shipped_at": first(steps, "shipped"),
        "delivered_at": delivered_at,
        "promised_on": promised_on,
        "days_late": late,
        "counts": counts(steps),
    }


def first(steps: list[Told], mark: str) -> datetime | None:
    return next((it.at for count, it in enumerate(steps) if is_all(mark, steps[: count + 1], steps)), None)


def counts(steps: list[Told]) -> list[dict[str, int]]:
    pieces, _whole = heap_after(steps, steps)
    lines: dict[int, dict[str, int]] = {}
    for piece in pieces:
        line = lines.setdefault(piece.line, {})
        for mark in piece.marks:
            line[mark] = line.get(mark, 0) + 1
    return [lines[number] for number in sorted(lines)]


def state_after(done: list[Told], steps: list[Told]) -> str:
    types, value = {it.type for it in done}, order_value(steps)
    refunds = [it.value for it in done if it.type == "order_refunded"]
    if is_all("cancelled", done, steps):
        return "cancelled"
    if refunds and (value is None or None in refunds or sum(it or 0 for it in refunds) >= value):
        return "refunded"
    if is_all("returned", done, steps):
        return "returned"
    if "order_exchanged" in types:
        return "exchanged"
    for type, mark in (("order_delivered", "delivered"), ("order_shipped", "shipped")):
        if is_all(mark, done, steps):
            return mark
        if type in types:
            return f"partly_{mark}"
    return "paid" if "order_paid" in types else "placed" if {"order_placed", "order_updated"} & types else ""


def is_all(mark: str, done: list[Told], steps: list[Told]) -> bool:
    pieces, whole = heap_after(done, steps)
    if mark in whole:
        return True
    if mark in ("shipped", "delivered"):
        pieces = [it for it in pieces if not it.is_replacement]
    gone = {"cancelled"} if mark != "returned" else {"cancelled", "exchanged"}
    return any(mark in it.marks for it in pieces) and all(it.marks & ({mark} | gone) for it in pieces)


def heap_after(done: list[Told], steps: list[Told]) -> tuple[list[Piece], set[str]]:
    """The pieces with their marks, and what was told of all of them at once."""
    lines = order_lines(steps)
    pieces = [Piece(number, it["sku"]) for number, it in enumerate(lines) for _ in range(it["quantity"])]
    whole: set[str] = set()
    for count, it in enumerate(done):
        mark = it.type.partition("_")[2]
        if mark in ("shipped", "delivered"):
            moved = what_moved(it, mark, done[:count], steps, pieces)
        else:
            moved = known(it.properties.get("lines"), pieces)
            moved = "everything" if mark in ("returned", "cancelled") and not moved else moved
        is_whole = moved == "everything"
        if is_whole:
            whole.add(mark)
            moved = [(piece.name, 1) for piece in pieces]
        for name, quantity in moved if mark in MARKS else ():
            for _ in range(quantity):
                mark_one(pieces, name, mark, is_whole=is_whole)
        if mark == "exchanged":
            add_replacements(pieces, it.properties.get("replacements", []), after=len(lines))
    return pieces, whole


def what_moved(it: Told, mark: str, earlier: list[Told], steps: list[Told], pieces: list[Piece]) -> Any:
    shipment = it.properties.get("shipment_id")
    own = known(it.properties.get("lines"), pieces)
    if not shipment:
        return own or "everything"
    moved = {old.properties.get("shipment_id") for old in earlier if old.type == it.type}
    if shipment in moved:
        return []
    sent = [old for old in steps if old.type == "order_shipped" and old.properties.get("shipment_id") == shipment]
    contents = [old.properties["lines"] for old in sent if old.properties.get("lines")]
    before_exchange = list(takewhile(lambda old: old.type != "order_exchanged", steps))
    awaited = {old.properties["shipment_id"] for old in before_exchange if "shipment_id" in old.properties}
    named = (known(contents[-1], pieces) if contents else []) or own
    return named or ("everything" if shipment in awaited <= moved | {shipment} else [])


def add_replacements(pieces: list[Piece], lines: list[dict[str, Any]], *, after: int) -> None:
    start = after + len({piece.line for piece in pieces if piece.is_replacement})
    for number, line in enumerate(lines, start):
        pieces += [Piece(number, line["sku"], is_replacement=True) for _ in range(line["quantity"])]


def mark_one(pieces: list[Piece], name: str, mark: str, *, is_whole: bool) -> None:
    """The first piece that it can be; cancelled are those that nothing happened to so far."""
    if is_whole and mark in ("shipped", "delivered"):
        pieces = [piece for piece in pieces if not piece.is_replacement]
    blocking = {"shipped": {"cancelled"}, "delivered": {"cancelled"}, "cancelled": set()}.get(
        mark, {"cancelled", "exchanged", "returned"}
    )
    fitting = [it for it in pieces if it.name == name and not it.marks & (blocking | {mark})]
    if mark == "cancelled":
        fitting.sort(key=lambda it: (it.line, len(it.marks)))
    if fitting:
        fitting[0].marks.add(mark)


def known(lines: Any, pieces: list[Piece]) -> list[tuple[str, int]]:
    names = {piece.name for piece in pieces}
    return [(line["sku"], line["quantity"]) for line in lines or [] if line["sku"] in names]


def order_lines(steps: list[Told]) -> list[dict[str, Any]]:
    told = [it.properties["lines"] for it in steps if is_offer(it) and "lines" in it.properties]
    return told[-1] if told else []


def order_value(steps: list[Told]) -> Decimal | None:
    told = [it.value for it in steps if is_offer(it) and it.value is not None]
    return told[-1] if told else None


def is_offer(step: Told) -> bool:
    return step.type in ("order_placed", "order_updated")


def net_value(steps: list[Told], state: str) -> Decimal | None:
    value = order_value(steps)
    if value is None:
        return None
    reports = ("order_cancelled", "order_returned", "order_refunded")
    losses = {type: [it.value for it in steps if it.type == type] for type in reports}
    if state in ("cancelled", "refunded") and None in losses["order_cancelled"] + losses["order_refunded"]:
        return Decimal(0)
    return value - max(sum((it or Decimal(0) for it in told), Decimal(0)) for told in losses.values())
