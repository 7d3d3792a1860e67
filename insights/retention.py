"""The cohort table: who came back after how many months. Pure.

An observable cell with nobody is 0; a cell whose month has not ended is unfinished; a future cell does not exist.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from insights.periods import months


@dataclass(frozen=True, slots=True)
class Cell:
    month: int
    retained: int
    percent: float
    is_finished: bool


@dataclass(frozen=True, slots=True)
class Cohort:
    begins_on: date
    size: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Mean:
    """Over the cohorts that count in month k after the first."""

    month: int
    retained: int
    size: int
    cohorts: int
    weighted: float | None
    simple: float | None


def cohort_table(
    rows: Iterable[tuple[date, int, int | None, int | None]], *, end: date, finished_until: date
) -> list[Cohort]:
    """From (cohort, size, month, retained); `end` is the first day not observed any more, not even in part."""
    sizes: dict[date, int] = {}
    retained: dict[tuple[date, int], int] = {}
    for cohort, size, month, count in rows:
        sizes[cohort] = size
        if month is not None:
            retained[cohort, month] = count or 0
    return [
        Cohort(cohort, size, list(_cells(cohort, size, retained, end=end, finished_until=finished_until)))
        for cohort, size in sorted(sizes.items())
    ]


def means(table: list[Cohort], *, include_unfinished: bool) -> list[Mean]:
    """Weighted (all retained of all customers) and simple (every cohort alike): two different figures."""
    longest = max((len(cohort.cells) for cohort in table), default=0)
    return [_mean(table, month, include_unfinished=include_unfinished) for month in range(longest)]


def _cells(
    cohort: date, size: int, retained: dict[tuple[date, int], int], *, end: date, finished_until: date
) -> Iterator[Cell]:
    month = 0
    while months(cohort, count=month) < end:
        count = retained.get((cohort, month), 0)
        yield Cell(month, count, 100 * count / size, is_finished=months(cohort, count=month + 1) <= finished_until)
        month += 1


def _mean(table: list[Cohort], month: int, *, include_unfinished: bool) -> Mean:
    reached = [
        (cohort.size, cohort.cells[month])
        for cohort in table
        if month < len(cohort.cells) and (include_unfinished or cohort.cells[month].is_finished)
    ]
    size = sum(size for size, _cell in reached)
    retained = sum(cell.retained for _size, cell in reached)
    return Mean(
        month=month,
        retained=retained,
        size=size,
        cohorts=len(reached),
        weighted=100 * retained / size if size else None,
        simple=sum(cell.percent for _size, cell in reached) / len(reached) if reached else None,
    )
