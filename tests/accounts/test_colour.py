import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.colour import BLACK, READABLE, WHITE, contrast, readable, text_on

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#ffffff", "#000000", 21), ("#777777", "#ffffff", 4.48), ("#abcdef", "#abcdef", 1)]
)
def test_it_knows_the_ratios_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_it_keeps_a_colour_that_reads_well() -> None:
    assert readable("#1f5f8b", on=WHITE) == "#1f5f8b"


@given(colour=colours, page=st.sampled_from([WHITE, BLACK, "#faf9f6", "#141719"]))
def test_every_colour_becomes_readable(colour: str, page: str) -> None:
    assert contrast(readable(colour, on=page), page) >= READABLE


@given(colour=colours)
def test_text_reads_on_every_colour(colour: str) -> None:
    assert contrast(text_on(colour), colour) >= READABLE
