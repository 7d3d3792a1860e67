"""The cohort table of the textbook example, and its edges."""

from datetime import date

import pytest

from insights.retention import cohort_table, means

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
ROWS = [
    (JANUARY, 2, 0, 2), (JANUARY, 2, 1, 1), (JANUARY, 2, 2, 2),
    (FEBRUARY, 2, 0, 2), (FEBRUARY, 2, 1, 2), (FEBRUARY, 2, 2, 1),
]  # fmt: skip


def percent(table):
    return [[cell.percent for cell in cohort.cells] for cohort in table]


def test_the_textbook_example():
    end = date(2026, 4, 1)
    january, february = cohort_table(ROWS[:4] + ROWS[4:5], end=end, finished_until=end)
    assert [cell.percent for cell in january.cells] == [100, 50, 100]
    assert [cell.percent for cell in february.cells] == [100, 100]


def test_an_observable_cell_without_customers_is_zero_and_a_future_one_does_not_exist():
    end = date(2026, 4, 1)
    table = cohort_table([(JANUARY, 4, 0, 4), (date(2026, 3, 1), 1, 0, 1)], end=end, finished_until=end)
    assert percent(table) == [[100, 0, 0], [100]]


def test_a_cohort_without_any_return_is_kept():
    assert percent(cohort_table([(JANUARY, 3, None, None)], end=FEBRUARY, finished_until=FEBRUARY)) == [[0]]


def test_an_unfinished_month_counts_only_on_request():
    table = cohort_table(ROWS[:2], end=date(2026, 2, 15), finished_until=date(2026, 2, 14))
    assert [cell.is_finished for cell in table[0].cells] == [True, False]
    assert means(table, include_unfinished=False)[1].weighted is None
    assert means(table, include_unfinished=True)[1].weighted == 50


def test_weighted_and_simple_mean_differ():
    end = date(2026, 4, 1)
    rows = [(JANUARY, 90, 1, 9), (FEBRUARY, 10, 1, 5)]
    second = means(cohort_table(rows, end=end, finished_until=end), include_unfinished=False)[1]
    assert second.weighted == pytest.approx(14)
    assert second.simple == pytest.approx(30)
    assert (second.retained, second.size, second.cohorts) == (14, 100, 2)
