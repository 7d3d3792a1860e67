"""What happened to one invented customer, from the first advertisement to the last answer. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from workspace.demo.people import DemoCustomer

SHOP, CALL_CENTRE, OURSELVES = "demo_shop", "demo_call_centre", "kundenpfad"
DELAYED_MONTHS_AGO = 7
PROMISED_DAYS = 6
SPRING_CAMPAIGN = {"source": "instagram", "medium": "social", "name": "fruehjahr"}
ADVERTISEMENTS = [
    {"source": "google", "medium": "cpc", "name": "marke"},
    {"source": "newsletter", "medium": "email", "name": "monatsbrief"},
    {"source": "facebook", "medium": "social", "name": "dauerkampagne"},
]
PRODUCTS = [
    ("KM-100", "Filtermaschine Morgenrot", 79.9),
    ("KM-300", "Siebträger Piazza", 449.0),
    ("KM-500", "Vollautomat Velvet", 749.0),
    ("ZB-010", "Wasserfilter, 3 Stück", 24.9),
    ("ZB-020", "Entkalker", 12.5),
    ("BO-001", "Espressobohnen 1 kg", 21.9),
    ("BO-002", "Kaffeebohnen mild 1 kg", 18.9),
]
CASE_TITLES = [
    "Maschine heizt nicht auf",
    "Wassertank undicht",
    "Mahlwerk blockiert",
    "Lieferung unvollständig",
    "Falscher Artikel geliefert",
    "Frage zur Entkalkung",
]
# How a case came about, and what usually helps.
ROOT_CAUSES = {
    "worn_part": "repaired",
    "unclear_use": "explained",
    "damaged_in_transit": "replaced",
    "late_delivery": "voucher_given",
    "wrong_goods": "replaced",
}
LOOKING = ("product_viewed", "product_viewed", "products_searched", "reviews_read")
GOOD_WORDS = ["Schnell geliefert, alles bestens.", "Der Kaffee ist wunderbar.", "Gerne wieder!", "Sehr freundlich."]
BAD_WORDS = [
    "Die Lieferung kam viel zu spät.",
    "Niemand ging ans Telefon.",
    "Schon nach Wochen defekt.",
]


@dataclass(frozen=True)
class Happening:
    type: str
    at: datetime
    source: str = SHOP
    subject: str = ""
    value: float | None = None
    valence: int | None = None
    channel: str = ""
    actor: str = "customer"
    campaign: dict[str, str] | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, int | str] = field(default_factory=dict)
    """Answers by the key of their question, on the touchpoint of an answer."""


class Story:
    """Draws the life of one customer; what would lie after `until` has not happened yet."""

    def __init__(self, customer: DemoCustomer, *, draw: Random, until: datetime) -> None:
        self.customer, self.draw, self.until = customer, draw, until
        self.delayed_from = until - timedelta(days=30.4 * DELAYED_MONTHS_AGO)
        self.delayed_to = self.delayed_from + timedelta(days=30.4)
        self.orders = self.cases = 0
        self.goodwill = draw.gauss(0.4, 0.8) - (1.3 if customer.is_from_marketplace else 0)

    def happenings(self) -> list[Happening]:
        found = [it for visit in self._visits() for it in visit if it.at <= self.until]
        return sorted(found, key=lambda it: it.at)

    def _visits(self) -> Iterator[Iterator[Happening]]:
        moment, gap = self.customer.joined_at, self.draw.uniform(18, 110)
        while moment < self.until:
            yield self._visit(moment)
            if self.draw.random() > (0.93 if self.goodwill > 0 else 0.78):
                return
            moment += timedelta(days=self.draw.expovariate(1 / gap) + 0.5)

    def _visit(self, moment: datetime) -> Iterator[Happening]:
        campaign = self._advertisement()
        if campaign:
            yield Happening("ad_clicked", moment, campaign=campaign)
        moment = self._later(moment, minutes=2)
        yield Happening("page_viewed", moment)
        for _ in range(self.draw.randint(1, 4)):
            moment = self._later(moment, minutes=4)
            yield Happening(self.draw.choice(LOOKING), moment)
        is_spring = campaign == SPRING_CAMPAIGN
        if self.draw.random() < (0.85 if is_spring else 0.5):
            moment = self._later(moment, minutes=3)
            yield Happening("basket_added", moment)
            if self.customer.is_known and self.draw.random() < (0.9 if is_spring else 0.65):
                yield Happening("checkout_started", self._later(moment, minutes=3))
                yield from self._order(self._later(moment, minutes=8))

    def _advertisement(self) -> dict[str, str] | None:
        if self.customer.is_from_spring_campaign and self.orders == 0:
            return SPRING_CAMPAIGN
        return self.draw.choice(ADVERTISEMENTS) if self.draw.random() < 0.35 else None

    def _order(self, moment: datetime) -> Iterator[Happening]:
        self.orders += 1
        subject = f"order:D{self.customer.number}-{self.orders}"
        lines = [self._line() for _ in range(self.draw.choice((1, 1, 2, 3)))]
        value = round(sum(line["price"] * line["quantity"] for line in lines), 2)
        channel = "marketplace" if self.customer.is_from_marketplace else ""
        promised_on = (moment + timedelta(days=PROMISED_DAYS)).date().isoformat()
        told = {"lines": lines, "promised_on": promised_on}
        yield Happening("order_placed", moment, subject=subject, value=value, channel=channel, properties=told)
        yield Happening("order_paid", self._later(moment, minutes=1), subject=subject, actor="system")
        yield Happening("order_confirmed", self._later(moment, minutes=2), subject=subject, actor="system")
        if self.draw.random() < 0.03:
            yield Happening("order_cancelled", self._later(moment, minutes=400), subject=subject, value=value)
            return
        shipped = moment + timedelta(days=self.draw.uniform(0.6, 2))
        is_delayed = self.delayed_from <= moment < self.delayed_to
        parcel = {"shipment_id": f"P{self.customer.number}{self.orders}", "carrier": "DHL"}
        yield Happening("order_shipped", shipped, subject=subject, actor="system", properties=parcel)
        for _ in range(self.draw.randint(0, 4 if is_delayed else 2)):
            yield Happening("tracking_viewed", shipped + timedelta(days=self.draw.uniform(0.1, 2)), subject=subject)
        if is_delayed and self.draw.random() < 0.4:
            yield Happening("delivery_failed", shipped + timedelta(days=3), subject=subject, valence=-2, actor="system")
        delivered = shipped + timedelta(days=self.draw.uniform(6, 11) if is_delayed else self.draw.uniform(1, 3))
        yield Happening("order_delivered", delivered, subject=subject, actor="system")
        yield from self._after_delivery(delivered, subject=subject, value=value, is_delayed=is_delayed)

    def _after_delivery(
        self, delivered: datetime, *, subject: str, value: float, is_delayed: bool
    ) -> Iterator[Happening]:
        mood = self.goodwill - (1.6 if is_delayed else 0)
        if is_delayed:
            self.goodwill -= 0.5
        if self.draw.random() < (0.14 if self.customer.is_from_marketplace else 0.05):
            returned = delivered + timedelta(days=self.draw.uniform(2, 12))
            yield Happening("order_returned", returned, subject=subject)
            yield Happening(
                "order_refunded", returned + timedelta(days=3), subject=subject, value=value, actor="system"
            )
        yield from self._review(delivered, subject=subject, mood=mood)
        if self.draw.random() < (0.3 if is_delayed or self.customer.is_from_marketplace else 0.08):
            yield from self._service(delivered + timedelta(days=self.draw.uniform(1, 40)), mood=mood)

    def _review(self, delivered: datetime, *, subject: str, mood: float) -> Iterator[Happening]:
        asked = delivered + timedelta(days=7, minutes=self.draw.randint(5, 600))
        yield Happening("survey_invited", asked, source=OURSELVES, subject=subject, actor="system")
        if self.draw.random() > 0.34:
            return
        answered = asked + timedelta(hours=self.draw.expovariate(1 / 20) + 0.1)
        stars = self._score(mood, lowest=1, highest=5)
        scores: dict[str, int | str] = {
            "stars": stars,
            "recommendation": self._score(mood, lowest=0, highest=10),
            "review": self.draw.choice(GOOD_WORDS if stars > 3 else BAD_WORDS),
        }
        yield Happening("review_submitted", answered, OURSELVES, subject, valence=stars - 3, scores=scores)
        if stars == 5 and self.draw.random() < 0.3:
            yield Happening("recommended", answered + timedelta(minutes=3), subject=subject)

    def _service(self, moment: datetime, *, mood: float) -> Iterator[Happening]:
        self.cases += 1
        subject = f"case:D{self.customer.number}-{self.cases}"
        centre: dict[str, Any] = {"source": CALL_CENTRE, "subject": subject}
        yield Happening("product_problem", moment)
        called = self._later(moment, minutes=300)
        yield Happening(
            "call_inbound", called, valence=self._score(mood - 1.2, lowest=-2, highest=2), actor="agent", **centre
        )
        about = {"title": self.draw.choice(CASE_TITLES), "priority": self.draw.choice((1, 2, 2, 2, 3, 4))}
        yield Happening("case_opened", self._later(called, minutes=5), actor="agent", properties=about, **centre)
        if self.draw.random() < 0.3:
            visited = called + timedelta(days=self.draw.uniform(1, 4))
            yield Happening("technician_scheduled", self._later(called, minutes=20), actor="agent", **centre)
            yield Happening("technician_visited", visited, actor="agent", **centre)
            called = visited
        resolved = called + timedelta(days=self.draw.uniform(0.2, 5))
        cause = self.draw.choice(list(ROOT_CAUSES))
        ended = {"root_cause": cause, "resolution": ROOT_CAUSES[cause]}
        yield Happening("case_resolved", resolved, actor="agent", properties=ended, **centre)
        asked = resolved + timedelta(minutes=30)
        yield Happening("survey_invited", asked, source=OURSELVES, subject=subject, actor="system")
        if self.draw.random() < 0.3:
            csat = self._score(mood, lowest=1, highest=5)
            scores: dict[str, int | str] = {"satisfaction": csat, "effort": self._score(mood, lowest=1, highest=7)}
            answered = asked + timedelta(hours=self.draw.expovariate(1 / 12) + 0.1)
            yield Happening("survey_answered", answered, OURSELVES, subject, valence=csat - 3, scores=scores)

    def _line(self) -> dict[str, Any]:
        sku, description, price = self.draw.choice(PRODUCTS)
        return {"sku": sku, "description": description, "quantity": self.draw.choice((1, 1, 1, 2)), "price": price}

    def _score(self, mood: float, *, lowest: int, highest: int) -> int:
        """Moods of −2 … +2 spread over the scale, with some chance."""
        middle = lowest + (highest - lowest) * (mood + 1.6) / 3
        return min(highest, max(lowest, round(self.draw.gauss(middle, (highest - lowest) / 6))))

    def _later(self, moment: datetime, *, minutes: float) -> datetime:
        return moment + timedelta(seconds=self.draw.uniform(0.2, 1.5) * minutes * 60)
