"""A question to a KPI, and the database's answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import connection

from accounts.models import Brand
from insights.figures import Figure, figure
from insights.kpis import Kpi
from insights.periods import Period
from touchpoints.models import Source, TouchpointType

SQL = {path.stem: path.read_text() for path in (Path(__file__).parent / "sql").glob("*.sql")}
LOSSES = ("order_cancelled", "order_returned", "order_refunded")
# Every parameter that a statement may name, with what it means when nobody asks.
UNASKED: dict[str, Any] = dict.fromkeys(
    ("breakdown", "channel", "source", "place", "country", "currency", "survey", "campaign", "question", "language")
) | {"activity": (), "cohort_event": (), "return_event": (), "order_unit": "order", "values": "any"}


@dataclass(frozen=True)
class Question:
    kpi: Kpi
    brand: Brand
    period: Period
    now: datetime
    parameters: dict[str, Any] = field(default_factory=dict)
    """Filters and options; what is left out has the KPI's default."""

    @property
    def settings(self) -> dict[str, Any]:
        """Options as they are in force."""
        return dict(self.kpi.defaults) | self.parameters

    @property
    def currency(self) -> str:
        return str(self.parameters.get("currency") or self.brand.currency)

    @cached_property
    def numbers(self) -> dict[str, list[int]]:
        """Types by parameter (and all of them), and sources, as the statements want them: by their numbers."""
        chosen = UNASKED | self.settings
        keys = {name: list(chosen[name]) for name in ("activity", "cohort_event", "return_event")}
        keys["types"] = [*LOSSES, *(key for some in keys.values() for key in some)]
        ids = TouchpointType.objects.named(keys["types"])
        numbers = {name: sorted({pk for key in some for pk in ids.get(key, ())}) for name, some in keys.items()}
        return numbers | {"sources": list(Source.objects.filter(brand=self.brand).values_list("id", flat=True))}

    def arguments(self, periods: Iterable[Period], *, breakdown: str | None) -> dict[str, Any]:
        """Bound parameters of the KPI's statement, over these periods."""
        chosen = UNASKED | self.settings
        if self.kpi.unit == "money":
            chosen["currency"] = self.currency
        bounds = [(it.starts_at(self.brand.zone), it.ends_at(self.brand.zone)) for it in periods]
        return chosen | {
            "brand": self.brand.pk,
            "zone": self.brand.time_zone,
            **self.numbers,
            "breakdown": breakdown,
            "starts": [start for start, _end in bounds],
            "ends": [end for _start, end in bounds],
            "until": self.now if self.kpi.looks_ahead else max(end for _start, end in bounds),
        }


def answer(question: Question, periods: list[Period]) -> list[Figure]:
    """One figure for each period, in their order."""
    rows = {row["bucket"]: row for row in run(question, periods, breakdown=None)}
    return [figure(question.kpi, rows.get(number)) for number in range(len(periods))]


def answer_by(question: Question, dimension: str) -> dict[str | None, Figure]:
    """One figure for each value of the dimension; None is its own value, never the text “unknown”."""
    rows = run(question, [question.period], breakdown=dimension)
    figures = {row["group_key"]: figure(question.kpi, row) for row in rows}
    return dict(sorted(figures.items(), key=lambda item: (-item[1].n, item[0] or "")))


def currencies(question: Question) -> list[str]:
    """Currencies in which anything happened, so that no money is overlooked."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["currencies"], question.arguments([question.period], breakdown=None))
        return [currency for (currency,) in cursor.fetchall()]


def run(question: Question, periods: list[Period], *, breakdown: str | None = None) -> list[dict[str, Any]]:
    statement = "".join(SQL[name] for name in question.kpi.statements)
    with connection.cursor() as cursor:
        cursor.execute(statement, question.arguments(periods, breakdown=breakdown))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
