"""From counts to a figure: value, interval, and whether a difference is more than noise. Pure."""

from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from insights.kpis import Formula, Kpi
from surveys.scoring import Z, nps_of_counts, nps_variance, share

COUNTED = ("bucket", "group_key", "numerator", "denominator", "n", "value", "squared_error")


@dataclass(frozen=True, slots=True)
class Figure:
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
    low: float | None = None
    high: float | None = None
    error: float | None = None
    """Standard error of the value."""
    parts: dict[str, Any] = field(default_factory=dict)
    """What else the statement told, such as promoters."""

    def is_too_few(self, kpi: Kpi) -> bool:
        """A total is what it is, however small; what is estimated from few cases misleads."""
        return kpi.formula != Formula.TOTAL and self.n < kpi.few_below


def figure(kpi: Kpi, row: dict[str, Any] | None) -> Figure:
    """The figure of a row of counts; of nothing at all where there is no row."""
    row = row or {}
    numerator, denominator = _number(row.get("numerator")), _number(row.get("denominator"))
    n = int(row.get("n") or 0)
    parts = {name: value for name, value in row.items() if name not in COUNTED}
    match kpi.formula:
        case Formula.TOTAL:
            total = numerator or 0.0
            # Events that come by chance: the squared error of a count is the count.
            error = sqrt(_number(row.get("squared_error")) or total)
            return Figure(total, total, None, n, error=error, parts=parts)
        case Formula.MEDIAN:
            return Figure(_number(row.get("value")), n=n, parts=parts)
        case _ if not denominator:
            return Figure(None, numerator or 0.0, 0.0, n, parts=parts)
        case Formula.SHARE:
            return _share(int(numerator or 0), int(denominator), n, parts)
        case Formula.NPS:
            return _nps(n, parts)
        case Formula.MEAN:
            return _mean(numerator or 0.0, denominator, n, _number(row.get("squared_error")), parts)
    raise AssertionError(kpi.formula)


def difference_is_noise(one: Figure, other: Figure) -> bool | None:
    """Whether two independent figures differ by less than chance would let them (95 %); None when unknown."""
    if one.value is None or other.value is None or one.error is None or other.error is None:
        return None
    return abs(one.value - other.value) <= Z * sqrt(one.error**2 + other.error**2)


def _share(numerator: int, denominator: int, n: int, parts: dict[str, Any]) -> Figure:
    score = share(numerator, n=denominator)
    part = numerator / denominator
    error = 100 * sqrt(part * (1 - part) / denominator)
    return Figure(score.value, numerator, denominator, n, score.low, score.high, error, parts)


def _nps(n: int, parts: dict[str, Any]) -> Figure:
    promoters, detractors = parts["promoters"], parts["detractors"]
    score = nps_of_counts(promoters=promoters, detractors=detractors, n=n)
    error = 100 * sqrt(nps_variance(promoters=promoters, detractors=detractors, n=n) / n)
    return Figure(score.value, promoters - detractors, n, n, score.low, score.high, error, parts)


def _mean(numerator: float, denominator: float, n: int, squared_error: float | None, parts: dict[str, Any]) -> Figure:
    value = numerator / denominator
    if squared_error is None:
        return Figure(value, numerator, denominator, n, parts=parts)
    error = sqrt(squared_error)
    return Figure(value, numerator, denominator, n, value - Z * error, value + Z * error, error, parts)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
