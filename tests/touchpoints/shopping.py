"""What a shop sends, drawn from a seed: visits, logins, orders, cases, corrections, in any order and often."""

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

ORDER = ("order_placed", "order_paid", "order_shipped", "order_delivered")
CASE = ("case_opened", "case_waiting", "case_resolved")
SDK_SHARE = 0.2
REFUSED_SHARE = 0.03


class Parcel(NamedTuple):
    path: str
    body: bytes
    authorization: str
    message_ids: frozenset[str]
    """Those that can be stored; `refused` cannot."""
    refused: frozenset[str]


@dataclass
class Shop:
    key: str
    seed: int
    people: int
    began_at: datetime

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.number = 0

    def parcels(self, count: int, *, size: int) -> list[Parcel]:
        for_sdk = round(count * SDK_SHARE)
        events = list(self._stories(at_least=(count - for_sdk) * size))[: (count - for_sdk) * size]
        self.chance.shuffle(events)
        ours = [self._ours(events[start : start + size]) for start in range(0, len(events), size)]
        return ours + [self._for_sdk(size) for _ in range(for_sdk)]

    def _stories(self, *, at_least: int) -> Iterator[dict[str, Any]]:
        while self.number < at_least:
            person = self.chance.randrange(self.people)
            match self.chance.choice(["visit", "login", "order", "case"]):
                case "visit":
                    yield self._event("product_viewed", {"anonymous_id": f"d{person}"}, session_id=f"s{self.number}")
                case "login":
                    yield self._event("logged_in", {"anonymous_id": f"d{person}", "user_id": f"u{person}"})
                case "order":
                    yield from self._order(person)
                case "case":
                    about = {"subject": f"case:{self.number}"}
                    for step in CASE[: self.chance.randint(1, len(CASE))]:
                        yield self._event(step, {"user_id": f"u{person}"}, valence=-1, **about)

    def _order(self, person: int) -> Iterator[dict[str, Any]]:
        who = {"user_id": f"u{person}", "email": f"u{person}@example.org"}
        about = {"subject": f"order:{self.number}"}
        placed = self._event("order_placed", who, value="59.90", currency="EUR", **about)
        yield placed
        for step in ORDER[1 : self.chance.randint(1, len(ORDER))]:
            yield self._event(step, who, **about)
        if self.chance.random() < 0.2:
            again = {"replaces": placed["message_id"], "occurred_at": placed["occurred_at"]}
            yield self._event("order_placed", who, value="49.90", currency="EUR", **about) | again

    def _event(self, type: str, customer: dict[str, str], **fields: Any) -> dict[str, Any]:
        self.number += 1
        if self.chance.random() < REFUSED_SHARE:
            fields["valence"] = 7
        moment = self.began_at + timedelta(seconds=self.number)
        message_id, occurred_at = f"m{self.number}", moment.isoformat()
        return {"message_id": message_id, "type": type, "customer": customer, "occurred_at": occurred_at} | fields

    def _ours(self, events: list[dict[str, Any]]) -> Parcel:
        refused = frozenset(event["message_id"] for event in events if event.get("valence") == 7)
        return Parcel(
            "/api/v1/touchpoints/batch",
            json.dumps({"touchpoints": events}).encode(),
            f"Bearer {self.key}",
            frozenset(event["message_id"] for event in events) - refused,
            refused,
        )

    def _for_sdk(self, size: int) -> Parcel:
        calls = [self._call() for _ in range(size)]
        return Parcel(
            "/v1/batch",
            json.dumps({"batch": calls}).encode(),
            "Basic " + b64encode(f"{self.key}:".encode()).decode(),
            frozenset(call["messageId"] for call in calls),
            frozenset(),
        )

    def _call(self) -> dict[str, Any]:
        self.number += 1
        person, moment = self.chance.randrange(self.people), self.began_at + timedelta(seconds=self.number)
        sent = {"messageId": f"m{self.number}", "userId": f"u{person}", "timestamp": moment.isoformat()}
        match self.chance.choice(["identify", "group", "track"]):
            case "identify":
                traits = {"firstName": f"Vorname {person}", "lastName": f"Nachname {person}"}
                return sent | {"type": "identify", "anonymousId": f"d{person}", "traits": traits}
            case "group":
                group = person % 7
                return sent | {"type": "group", "groupId": f"g{group}", "traits": {"name": f"Firma {group}"}}
        return sent | {"type": "track", "event": "Product Viewed", "properties": {"sku": f"A-{self.number}"}}
