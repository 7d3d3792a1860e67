from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise


class Unit(StrEnum):
    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    SCORE = "score"
    """−100 … 100."""
    NUMBER = "number"
    DAYS = "days"


class Better(StrEnum):
    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Formula(StrEnum):
    TOTAL = "total"
    """The numerator itself; 0 where nothing happened."""
    SHARE = "share"
    """100 · numerator / denominator, with a Wilson interval."""
    MEAN = "mean"
    """Numerator / denominator, with a normal interval."""
    NPS = "nps"
    """100 · numerator / denominator, with an adjusted Wald interval."""
    MEDIAN = "median"
    """As the statement gives it."""


@dataclass(frozen=True, kw_only=True)
class Kpi:
    key: str
    name: Text
    definition: Text
    """What exactly is counted, in sentences that customers of the figure understand."""
    unit: Unit
    better: Better
    formula: Formula
    version: int = 1
    """Counts up with every change of the definition; answers name it."""
    statements: tuple[str, ...]
    """Files of insights/sql, joined in this order."""
    dimensions: tuple[str, ...] = ()
    """What it can be filtered by and broken down by."""
    options: tuple[str, ...] = ()
    """Further parameters."""
    defaults: tuple[tuple[str, object], ...] = ()
    looks_ahead: bool = False
    """Whether what happened after the period belongs to it, such as returns of its orders."""
    few_below: int = 30
    """Fewer cases than this are “too few”."""

    @property
    def has_period(self) -> bool:
        """Whether it counts from a day on; the others look at everything up to a day."""
        return "as_of" not in self.options

    @property
    def is_cohort_table(self) -> bool:
        return "cohort_event" in self.options
