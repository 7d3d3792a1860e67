"""Scores to figures: NPS, CSAT, CES, response rate, and how a score felt. Percent values are never rounded here."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # two-sided 95 %
PROMOTERS, DETRACTORS = frozenset({9, 10}), frozenset(range(7))
HIGHEST_NPS = 10
CSAT_TOP, CSAT_SCALE = frozenset({4, 5}), range(1, 6)
CES_EASY, CES_VERY_EASY, CES_HARD, CES_SCALE = (
    frozenset({5, 6, 7}),
    frozenset({6, 7}),
    frozenset({1, 2, 3}),
    range(1, 8),
)


@dataclass(frozen=True, slots=True)
class Score:
    """A figure in percent with what it was made of; `value` is None when nobody answered, never 0."""

    numerator: int
    n: int
    value: float | None
    low: float | None
    high: float | None
    standard_error: float | None = None


def nps(scores: Iterable[int]) -> Score:
    """100 · (promoters − detractors) / n over integers 0–10; what is outside the scale is not in n."""
    counted = [score for score in scores if 0 <= score <= HIGHEST_NPS]
    promoters = sum(score in PROMOTERS for score in counted)
    detractors = sum(score in DETRACTORS for score in counted)
    return nps_of_counts(promoters=promoters, detractors=detractors, n=len(counted))


def nps_of_counts(*, promoters: int, detractors: int, n: int) -> Score:
    if n == 0:
        return Score(0, 0, None, None, None)
    low, high = adjusted_wald(promoters=promoters, detractors=detractors, n=n)
    return Score(
        numerator=promoters - detractors,
        n=n,
        value=100 * (promoters - detractors) / n,
        low=max(low, -100.0),
        high=min(high, 100.0),
        standard_error=100 * sqrt(nps_variance(promoters=promoters, detractors=detractors, n=n) / n),
    )


def nps_variance(*, promoters: float, detractors: float, n: float) -> float:
    """Of one answer on −1 … 1."""
    return (promoters + detractors) / n - ((promoters - detractors) / n) ** 2


def adjusted_wald(*, promoters: int, detractors: int, n: int) -> tuple[float, float]:
    """95 % limits before clipping to ±100: Rocks 2016, Am. Statistician 70(4), adding ¾ P, 1½ passive, ¾ D."""
    more_promoters, more_detractors, more_n = promoters + 0.75, detractors + 0.75, n + 3
    middle = (more_promoters - more_detractors) / more_n
    variance = nps_variance(promoters=more_promoters, detractors=more_detractors, n=more_n)
    half = Z * sqrt(variance / more_n)
    return 100 * (middle - half), 100 * (middle + half)


def csat(scores: Iterable[int]) -> Score:
    """Share of 4 and 5 on a scale of 1–5 (top two boxes)."""
    return _share(scores, of=CSAT_TOP, scale=CSAT_SCALE)


def ces(scores: Iterable[int]) -> Score:
    """Share of 5–7 on “made it easy for me”, 1–7, 7 = easy (CES 2.0)."""
    return _share(scores, of=CES_EASY, scale=CES_SCALE)


def ces_index(scores: Iterable[int]) -> float | None:
    """% of 6–7 minus % of 1–3: another figure than CES, from −100 to 100."""
    counted = [score for score in scores if score in CES_SCALE]
    if not counted:
        return None
    return 100 * sum((score in CES_VERY_EASY) - (score in CES_HARD) for score in counted) / len(counted)


def mean(scores: Iterable[int], *, scale: range) -> float | None:
    counted = [score for score in scores if score in scale]
    return sum(counted) / len(counted) if counted else None


def response_rate(*, completed: int, invited: int, undeliverable: int = 0) -> Score:
    """Completed of those a mail reached (AAPOR RR1); with nobody invited there is no rate."""
    return share(completed, n=invited - undeliverable)


def share(numerator: int, *, n: int) -> Score:
    """A part of n in percent with its 95 % Wilson interval."""
    if n <= 0:
        return Score(numerator, 0, None, None, None)
    part = numerator / n
    middle = (part + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * sqrt(part * (1 - part) / n + Z**2 / (4 * n**2))
    return Score(numerator, n, 100 * part, max(0.0, 100 * (middle - half)), min(100.0, 100 * (middle + half)))


def valence(kind: str, score: int) -> float | None:
    """How a score felt on −2 … +2; the relational NPS and what is no score have none."""
    if kind in {"csat", "stars"}:
        return score - 3
    if kind == "ces":
        return (score - 4) * 2 / 3
    return None


def band(kind: str, score: int) -> str:
    """“happy”, “neutral” or “unhappy”: what the page of thanks says next."""
    if kind == "nps":
        return "happy" if score in PROMOTERS else "unhappy" if score in DETRACTORS else "neutral"
    felt = valence(kind, score)
    if felt is None:
        return "neutral"
    return "happy" if felt > 0 else "unhappy" if felt < 0 else "neutral"


def _share(scores: Iterable[int], *, of: frozenset[int], scale: range) -> Score:
    counted = [score for score in scores if score in scale]
    return share(sum(score in of for score in counted), n=len(counted))
