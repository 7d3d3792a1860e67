"""Who the invented customers are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from mimesis import Gender, Person
from mimesis.locales import Locale

from customers.identity import identifier

MONTHS = 24
CITIES = [
    ("Berlin", "10115"), ("Hamburg", "20095"), ("München", "80331"), ("Köln", "50667"), ("Frankfurt am Main", "60311"),
    ("Stuttgart", "70173"), ("Düsseldorf", "40213"), ("Leipzig", "04109"), ("Dortmund", "44135"), ("Bremen", "28195"),
    ("Nürnberg", "90402"), ("Münster", "48143"), ("Görlitz", "02826"), ("Lübeck", "23552"), ("Würzburg", "97070"),
]  # fmt: skip
FREQUENT_NAMES = [
    "Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Schäfer",
    "Koch", "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann", "Krüger", "Weiß",
]  # fmt: skip
STREETS = ["Hauptstraße", "Gartenweg", "Bahnhofstraße", "Lindenallee", "Goethestraße", "Mühlenweg", "Schulstraße"]
FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-", "'": "", "é": "e"})


@dataclass(frozen=True)
class DemoCustomer:
    number: int
    given_name: str
    family_name: str
    salutation: str
    title: str
    street: str
    postal_code: str
    city: str
    language: str
    joined_at: datetime
    is_known: bool
    is_from_marketplace: bool
    is_from_spring_campaign: bool

    @property
    def email(self) -> str:
        name = f"{self.given_name}.{self.family_name}".lower().translate(FOLDED)
        return f"{name}.{self.number}@example.org"

    @property
    def identities(self) -> list[tuple[str, str]]:
        if not self.is_known:
            return [("anonymous_id", f"demo-{self.number}")]
        phone = identifier("phone", f"030 {2_000_000 + self.number}", country="DE").value
        return [("user_id", f"demo-{self.number}"), ("email", self.email), ("phone", phone)]


class People:
    """Makes customers by their number; needs no more memory for a million of them."""

    def __init__(self, *, seed: int, until: datetime) -> None:
        self.seed, self.until = seed, until
        self.names = Person(Locale.DE, seed=seed)
        self.first_names = {gender: _drawn(self.names.first_name, gender) for gender in (Gender.FEMALE, Gender.MALE)}
        self.last_names = FREQUENT_NAMES * 5 + _drawn(self.names.last_name, Gender.FEMALE)

    def random(self, number: int) -> Random:
        return Random(f"{self.seed}:{number}")  # noqa: S311 (not a secret)

    def customer(self, number: int) -> DemoCustomer:
        draw = self.random(number)
        gender = draw.choice((Gender.FEMALE, Gender.MALE))
        city, postal_code = draw.choice(CITIES)
        origin = draw.random()
        joined_days_ago = draw.uniform(1, MONTHS * 30.4)
        is_spring = origin > 0.88 and joined_days_ago > 60
        if is_spring:
            joined_days_ago = draw.uniform(150, 210)
        return DemoCustomer(
            number=number,
            given_name=draw.choice(self.first_names[gender]),
            family_name=draw.choice(self.last_names),
            salutation="frau" if gender is Gender.FEMALE else "herr",
            title="Dr." if draw.random() < 0.04 else "",
            street=f"{draw.choice(STREETS)} {draw.randint(1, 120)}",
            postal_code=postal_code,
            city=city,
            language="en" if draw.random() < 0.12 else "de",
            joined_at=self.until - timedelta(days=joined_days_ago),
            is_known=draw.random() < 0.85,
            is_from_marketplace=origin < 0.15,
            is_from_spring_campaign=is_spring,
        )


def _drawn(draw: Any, gender: Gender) -> list[str]:
    return [draw(gender=gender) for _ in range(400)]
