"""The shipments of an order as they are told: which were sent, which arrived, what is in them. Pure."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from touchpoints import told
from touchpoints.order_lines import DELIVERED, SHIPPED, Contents, Quantities, plain
from touchpoints.subject_steps import Step

WAYS = {"order_shipped": SHIPPED, "order_delivered": DELIVERED}
TOLD_ONCE = ("carrier", "tracking_number")


def shipment_of(step: Step) -> str:
    return told.text(step.properties.get("shipment_id"))


class Shipments:
    """Everything that all steps tell of shipments is known from the start, so late news make no difference."""

    def __init__(self, ordered: Sequence[Step], contents: Contents, *, zone: ZoneInfo) -> None:
        self.contents, self.zone = contents, zone
        self.rows: list[dict[str, Any]] = []
        self.done: dict[str, set[str]] = {SHIPPED: set(), DELIVERED: set()}
        exchanges = [number for number, step in enumerate(ordered) if step.type == "order_exchanged"]
        first_exchange = exchanges[0] if exchanges else len(ordered)
        # Sent for an exchange: the order does not wait for them.
        self.awaited = {shipment_of(it) for it in ordered[:first_exchange] if it.type in WAYS} - {""}
        self.told = {shipment_of(it): it.properties for it in ordered if it.type == "order_shipped"}
        self.lines = {
            shipment_of(it): it.properties["lines"]
            for it in ordered
            if it.type == "order_shipped" and it.properties.get("lines")
        }

    def move(self, step: Step) -> None:
        """Something was sent, or it arrived. A shipment that is told twice moves once."""
        what, shipment = WAYS[step.type], shipment_of(step)
        if shipment in self.done[what]:
            return
        quantities = self.contents.matching(step.properties.get("lines"))
        if shipment:
            self.done[what].add(shipment)
            quantities = self.contents.matching(self.lines.get(shipment)) or quantities
        self._note(step, shipment, quantities)
        if quantities is not None or self._is_all(what, shipment):
            self.contents.add(what, quantities)

    def as_told(self) -> list[dict[str, Any]]:
        return self.rows

    def _is_all(self, what: str, shipment: str) -> bool:
        """Without lines: everything; of several shipments, with the last one that the order waits for."""
        return not shipment or (shipment in self.awaited and self.awaited <= self.done[what])

    def _note(self, step: Step, shipment: str, quantities: Quantities | None) -> None:
        at = step.occurred_at.isoformat()
        if step.type == "order_shipped":
            self.rows.append(self._row(step, shipment, quantities, shipped_at=at))
            return
        arrived = [row for row in self.rows if row["delivered_at"] is None and shipment in ("", row["shipment_id"])]
        if not shipment and quantities is not None:
            arrived = arrived[:1]
        for row in arrived:
            row["delivered_at"] = at
        if not arrived:
            self.rows.append(self._row(step, shipment, quantities, delivered_at=at))

    def _row(self, step: Step, shipment: str, quantities: Quantities | None, **times: str) -> dict[str, Any]:
        properties = (self.told.get(shipment) if shipment else None) or step.properties
        promised_on = told.day(properties.get("promised_on"), zone=self.zone)
        return {
            "shipment_id": shipment,
            "shipped_at": times.get("shipped_at"),
            "delivered_at": times.get("delivered_at"),
            "promised_on": promised_on.isoformat() if promised_on else None,
            **{name: told.text(properties.get(name)) for name in TOLD_ONCE},
            "lines": [{"name": name, "quantity": plain(quantity)} for name, quantity in quantities or ()],
        }
