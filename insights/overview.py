"""The six figures of the start page: the last 90 days beside the 90 days before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.models import Brand
from insights.figures import Figure
from insights.formats import figure_text, number_text
from insights.kpis import KPIS, Kpi, Unit
from insights.periods import Period
from insights.questions import Question, answer
from insights.sentences import Change, change, headline, sentence

DAYS = 90
# No response rate: those asked yesterday have not answered yet, and it would always seem to fall.
SHOWN = ("customers", "revenue", "repeat_purchase_rate", "stars", "nps", "csat")


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    value: str
    """Empty: too few cases."""
    note: str
    change: Change | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Overview:
    headline: str
    tiles: list[Tile]
    is_empty: bool


def overview(brand: Brand, *, now: datetime) -> Overview:
    end = now.astimezone(brand.zone).date() + timedelta(days=1)
    period = Period(end - timedelta(days=DAYS), end)
    # Equally long, also where the period happens to be whole months.
    before = Period(period.begin - timedelta(days=DAYS), period.begin)
    kpis = [KPIS[key] for key in SHOWN]
    answers = [tuple(answer(Question(kpi, brand, period, now), [period, before])) for kpi in kpis]
    changes = [(kpi, change(kpi, *figures)) for kpi, figures in zip(kpis, answers, strict=True)]
    return Overview(
        headline=headline(changes, days=DAYS),
        tiles=[_tile(kpi, *figures, brand=brand) for kpi, figures in zip(kpis, answers, strict=True)],
        is_empty=not any(figure.n for figures in answers for figure in figures),
    )


def _tile(kpi: Kpi, now: Figure, before: Figure, *, brand: Brand) -> Tile:
    is_told = now.value is not None and not now.is_too_few(kpi)
    return Tile(
        label=str(kpi.name),
        value=figure_text(kpi, now.value or 0.0, currency=brand.currency) if is_told else "",
        note=_note(kpi, now, currency=brand.currency),
        change=change(kpi, now, before),
        sentence=sentence(kpi, now, before, days=DAYS),
    )


def _note(kpi: Kpi, figure: Figure, *, currency: str) -> str:
    """How many cases, and between which limits the figure lies with 95 % certainty."""
    if kpi.unit == Unit.COUNT:
        return ""
    cases = _("n = %(n)s") % {"n": number_text(figure.n)}
    if figure.low is None or figure.high is None or figure.is_too_few(kpi):
        return cases
    low, high = (figure_text(kpi, limit, currency=currency) for limit in (figure.low, figure.high))
    return _("%(cases)s, between %(low)s and %(high)s") % {"cases": cases, "low": low, "high": high}
