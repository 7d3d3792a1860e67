"""The whole life of an order and of a subscription, told over our API, by an SDK of Segment, or by a CSV file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.touchpoints.importing import Import
from tests.touchpoints.ingesting import Sender
from tests.touchpoints.sdk_sending import Sdk, assert_taken, track

Line = tuple[str, str, int, str]
"""(sku, description, quantity, price)"""


@dataclass(frozen=True)
class News:
    type: str
    at: str
    subject: str = "order:1001"
    value: str = ""
    lines: tuple[Line, ...] = ()
    told: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.subject}-{self.type}-{self.at[:16]}"


CUPS, POT, BIG_POT = ("A-1", "Tasse", 2, "30"), ("B-1", "Kanne", 1, "40"), ("B-2", "Kanne, groß", 1, "40")
BACK = ("B-1", "Kanne", -1, "40")
PARCELS = [{"shipment_id": f"s{number}", "carrier": "DHL", "tracking_number": f"00{number}"} for number in range(4)]
PROMISE, YEARLY, UNTIL = {"promised_on": "2026-03-05"}, {"interval": "year"}, {"runs_until": "2026-12-31"}
LIVES = (
    News("order_placed", "2026-03-02T10:00:00+01:00", value="100", lines=(CUPS, POT), told=PROMISE),
    News("order_paid", "2026-03-02T10:01:00+01:00"),
    News("order_shipped", "2026-03-03T09:00:00+01:00", lines=(CUPS,), told=PARCELS[1]),
    News("order_shipped", "2026-03-04T09:00:00+01:00", lines=(POT,), told=PARCELS[2]),
    News("order_delivered", "2026-03-04T15:00:00+01:00", told={"shipment_id": "s1"}),
    News("tracking_viewed", "2026-03-05T20:00:00+01:00"),
    News("order_delivered", "2026-03-06T12:00:00+01:00", told={"shipment_id": "s2"}),
    News("order_exchanged", "2026-03-10T12:00:00+01:00", lines=(BACK, BIG_POT)),
    News("order_shipped", "2026-03-11T09:00:00+01:00", lines=(BIG_POT,), told=PARCELS[3]),
    News("order_delivered", "2026-03-12T09:00:00+01:00", told={"shipment_id": "s3"}),
    News("order_refunded", "2026-03-15T09:00:00+01:00", value="15.5"),
    News("subscription_started", "2025-01-01T00:00:00+01:00", "subscription:5", "120", told=YEARLY),
    News(
        "subscription_renewed", "2026-01-01T00:00:00+01:00", "subscription:5", "132", told=YEARLY | UNTIL
    ),
    News("subscription_paused", "2026-02-01T08:00:00+01:00", "subscription:5"),
    News("subscription_cancelled", "2026-02-10T08:00:00+01:00", "subscription:5", told={"runs_until": "2026-02-28"}),
    News("subscription_ended", "2026-02-28T23:00:00+01:00", "subscription:5"),
)  # fmt: skip


def by_api(_folder: Path | None = None) -> None:
    events = [
        {
            "message_id": it.id,
            "type": it.type,
            "customer": {"user_id": "4711"},
            "occurred_at": it.at,
            "subject": it.subject,
            "properties": it.told | ({"lines": [_line(line) for line in it.lines]} if it.lines else {}),
        }
        | ({"value": it.value, "currency": "EUR"} if it.value else {})
        for it in LIVES
    ]
    assert Sender.new().send(*events).status_code == 200


def by_sdk(_folder: Path) -> None:
    """As a shop tells Segment: other names, products in place of lines, ids among the properties."""
    events = []
    for it in LIVES:
        kind, _colon, key = it.subject.partition(":")
        name = "Order Completed" if it.type == "order_placed" else it.type.replace("_", " ").title()
        properties: dict[str, Any] = {f"{kind}_id": key, **it.told}
        if it.value:
            properties |= {"total": float(it.value), "currency": "EUR"}
        if it.lines:
            properties["products"] = [_line(line) for line in it.lines]
        events.append(track(name, it.id, userId="4711", timestamp=it.at, properties=properties))
    assert_taken(Sdk.new().send(*events))


MAPPING = """
source = "erp"
group_by = "Vorgang"
[file]
delimiter = ";"
decimal = ","
thousands = "."
time_zone = "Europe/Berlin"
time_format = "%d.%m.%Y %H:%M"
day_format = "%d.%m.%Y"
[constants]
currency = "EUR"
[columns]
time = "Zeit"
type = "Art"
subject = "Bezug"
value = "Betrag"
[customer]
user_id = "Kunde"
[lines]
sku = "Artikel"
description = "Bezeichnung"
quantity = "Menge"
price = "Preis"
[properties]
shipment_id = "Sendung"
carrier = "Dienst"
tracking_number = "Sendungsnummer"
interval = "Zahlweise"
[days]
promised_on = "Zugesagt"
runs_until = "Laufzeit bis"
"""
HEADER = "Vorgang;Zeit;Art;Bezug;Betrag;Kunde;Artikel;Bezeichnung;Menge;Preis;Sendung;Dienst;Sendungsnummer;Zahlweise;Zugesagt;Laufzeit bis\n"  # noqa: E501


def by_file(folder: Path) -> None:
    """A row for each line, as an ERP writes it in Germany."""
    rows = []
    for it in LIVES:
        told = [it.told.get(name, "") for name in ("shipment_id", "carrier", "tracking_number", "interval")]
        days = [_german(it.told.get(name, "")) for name in ("promised_on", "runs_until")]
        head = [it.id, f"{_german(it.at[:10])} {it.at[11:16]}", it.type, it.subject, it.value.replace(".", ","), "4711"]
        for sku, description, quantity, price in it.lines or (("", "", "", ""),):
            rows.append(";".join([*head, sku, description, str(quantity), price, *told, *days]))
    run = Import(folder)
    run(HEADER + "\n".join(rows) + "\n", MAPPING)
    assert run.errors == {}


WAYS: tuple[Callable[[Path], None], ...] = (by_api, by_sdk, by_file)


def _line(line: Line) -> dict[str, Any]:
    sku, description, quantity, price = line
    return {"sku": sku, "description": description, "quantity": quantity, "price": int(price)}


def _german(day: str) -> str:
    return ".".join(reversed(day.split("-"))) if day else ""
