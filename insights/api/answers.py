"""The JSON of an answer: every figure with what it was made of."""

from datetime import timedelta
from typing import Any

from django.utils import translation

from insights.figures import Figure, difference_is_noise
from insights.kpis import Kpi
from insights.periods import Granularity, Period
from insights.questions import Question, answer, answer_by, currencies, run
from insights.retention import Cohort, Mean, cohort_table, means
from surveys.scoring import share

LANGUAGES = ("de", "en")


def described(kpi: Kpi) -> dict[str, Any]:
    """What the registry says about a KPI, in both languages."""
    return {
        "key": kpi.key,
        "name": _in_both(kpi.name),
        "definition": _in_both(kpi.definition),
        "version": kpi.version,
        "unit": kpi.unit,
        "better": kpi.better,
        "dimensions": list(kpi.dimensions),
        "options": list(kpi.options),
        "few_below": kpi.few_below,
    }


def answered(
    question: Question, *, granularity: str | None = None, is_compared: bool = False, breakdown: str | None = None
) -> dict[str, Any]:
    body = _head(question)
    if question.kpi.is_cohort_table:
        return body | _cohorts(question)
    previous = question.period.previous() if is_compared else None
    buckets = list(question.period.cut(Granularity(granularity))) if granularity else []
    figures = answer(question, [question.period, *([previous] if previous else []), *buckets])
    total = figures.pop(0)
    body |= _told(question.kpi, total)
    if is_compared:
        body["comparison"] = _comparison(question.kpi, total, figures.pop(0), previous) if previous else None
    if granularity:
        body["series"] = [_bucket(question, *pair) for pair in zip(buckets, figures, strict=True)]
    if breakdown:
        groups = answer_by(question, breakdown).items()
        body["groups"] = [{"group": group} | _told(question.kpi, figure) for group, figure in groups]
    return body


def _head(question: Question) -> dict[str, Any]:
    head = described(question.kpi) | {
        "as_of": question.now.isoformat(),
        "period": _days(question.period) | {"time_zone": question.brand.time_zone},
        "parameters": {
            name: value for name, value in question.settings.items() if name in question.kpi.options
        } | {name: value for name, value in question.parameters.items() if name in question.kpi.dimensions},
    }  # fmt: skip
    if question.kpi.unit == "money":
        others = [currency for currency in currencies(question) if currency != question.currency]
        head |= {"currency": question.currency, "other_currencies": others}
    return head


def _told(kpi: Kpi, figure: Figure) -> dict[str, Any]:
    interval = None
    if figure.low is not None and figure.high is not None:
        interval = {"low": figure.low, "high": figure.high, "confidence": 0.95}
    return {
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "n": figure.n,
        "is_too_few": figure.is_too_few(kpi),
        "interval": interval,
    } | figure.parts


def _comparison(kpi: Kpi, now: Figure, before: Figure, period: Period) -> dict[str, Any]:
    change = None if now.value is None or before.value is None else now.value - before.value
    return {
        "period": _days(period),
        **_told(kpi, before),
        "change": change,
        "is_noise": difference_is_noise(now, before),
    }


def _bucket(question: Question, period: Period, figure: Figure) -> dict[str, Any]:
    is_complete = period.ends_at(question.brand.zone) <= question.now
    return _days(period) | _told(question.kpi, figure) | {"is_complete": is_complete}


def _cohorts(question: Question) -> dict[str, Any]:
    rows = run(question, [question.period])
    today = question.now.astimezone(question.brand.zone).date()
    table = cohort_table(
        [(row["cohort"], row["size"], row["month"], row["retained"]) for row in rows],
        end=min(question.period.end, today + timedelta(days=1)),
        finished_until=min(question.period.end, today),
    )
    settings = question.settings
    averages = means(table, include_unfinished=settings["include_unfinished"])
    return _retained(question.kpi, averages, settings["month"]) | {
        "weighted_average": [mean.weighted for mean in averages],
        "simple_average": [mean.simple for mean in averages],
        "cohorts": [_cohort(cohort) for cohort in table],
    }


def _retained(kpi: Kpi, averages: list[Mean], month: int) -> dict[str, Any]:
    mean = averages[month] if month < len(averages) else Mean(month, 0, 0, 0, None, None)
    score = share(mean.retained, n=mean.size)
    figure = Figure(score.value, mean.retained, mean.size, mean.size, score.low, score.high)
    return _told(kpi, figure) | {"month": month, "simple_mean": mean.simple, "cohort_count": mean.cohorts}


def _cohort(cohort: Cohort) -> dict[str, Any]:
    cells = [
        {"month": it.month, "retained": it.retained, "percent": it.percent, "is_finished": it.is_finished}
        for it in cohort.cells
    ]
    return {"cohort": f"{cohort.begins_on:%Y-%m}", "size": cohort.size, "cells": cells}


def _days(period: Period) -> dict[str, Any]:
    return {"from": period.begin.isoformat(), "to": period.end.isoformat()}


def _in_both(text: Any) -> dict[str, str]:
    both = {}
    for language in LANGUAGES:
        with translation.override(language):
            both[language] = str(text)
    return both
