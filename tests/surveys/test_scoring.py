from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import scoring


@pytest.mark.parametrize(
    ("scores", "value", "standard_error"),
    [
        ([0, 7, 7, 9, 9, 9], 33.333, 30.43),
        ([1, 9], 0, 70.71),
        ([7, 9], 50, 35.36),
        ([0, 7, 9], 0, 47.14),
        ([9, 9, 9], 100, 0),
    ],
)
def test_it_computes_nps_and_its_standard_error(scores, value, standard_error):
    score = scoring.nps(scores)
    assert score.value == pytest.approx(value, abs=0.001)
    assert score.standard_error == pytest.approx(standard_error, abs=0.01)
    assert score.n == len(scores)


def test_it_computes_the_adjusted_wald_interval():
    assert scoring.adjusted_wald(promoters=3, detractors=1, n=6) == pytest.approx((-26.74, 71.19), abs=0.005)
    assert scoring.nps_variance(promoters=3, detractors=1, n=6) == pytest.approx(0.5556, abs=0.0001)


def test_it_leaves_scores_outside_the_scale_out_of_n():
    assert scoring.nps([9, 11, -1]).n == 1
    assert scoring.csat([5, 0]).n == 1


def test_it_gives_no_figure_when_nobody_answered():
    assert scoring.nps([]).value is None
    assert scoring.csat([]).value is None
    assert scoring.ces_index([]) is None
    assert scoring.response_rate(completed=0, invited=3, undeliverable=3).value is None


def test_it_computes_csat_from_the_top_two_boxes_with_a_wilson_interval():
    score = scoring.csat([5] * 10 + [4] * 20 + [3] * 10 + [2] * 5 + [1] * 5)
    assert score.value == 60
    assert (score.numerator, score.n) == (30, 50)
    assert (score.low, score.high) == pytest.approx((46.18, 72.39), abs=0.01)


def test_it_keeps_the_effort_share_apart_from_the_effort_index():
    scores = [7, 6, 5, 4, 1]
    assert scoring.ces(scores).value == 60
    assert scoring.ces_index(scores) == 20
    assert scoring.mean(scores, scale=scoring.CES_SCALE) == pytest.approx(4.6)


def test_it_leaves_the_undeliverable_out_of_the_response_rate():
    score = scoring.response_rate(completed=20, invited=110, undeliverable=10)
    assert (score.numerator, score.n, score.value) == (20, 100, 20)


@pytest.mark.parametrize(
    ("kind", "score", "felt"),
    [("csat", 1, -2), ("stars", 5, 2), ("ces", 4, 0), ("ces", 7, 2), ("ces", 1, -2), ("ces", 5, 0.6667)],
)
def test_it_tells_how_a_score_felt(kind, score, felt):
    assert scoring.valence(kind, score) == pytest.approx(felt, abs=0.0001)


def test_it_gives_the_relational_nps_no_valence():
    assert scoring.valence("nps", 10) is None


@pytest.mark.parametrize(
    ("kind", "score", "band"),
    [
        ("nps", 6, "unhappy"), ("nps", 8, "neutral"), ("nps", 9, "happy"), ("csat", 2, "unhappy"),
        ("stars", 3, "neutral"), ("ces", 5, "happy"), ("long_text", 0, "neutral"),
    ],
)  # fmt: skip
def test_it_names_the_band_of_a_score(kind, score, band):
    assert scoring.band(kind, score) == band


@given(st.lists(st.integers(0, 10), min_size=1))
def test_nps_lies_inside_its_bounds_and_its_interval_too(scores):
    score = scoring.nps(scores)
    assert -100 <= (score.low or nan) <= (score.high or nan) <= 100
    assert -100 <= (score.value or 0) <= 100
