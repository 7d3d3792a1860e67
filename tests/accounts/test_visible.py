import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Anna Müller", "Anna Müller"),
        ("zwei\nZeilen\tund Tab", "zwei\nZeilen\tund Tab"),
        ("\u202egpj.exe", "‹U+202E›gpj.exe"),
        ("pay\u200bpal", "pay‹U+200B›pal"),
        ("a\u200db", "a‹U+200D›b"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("❤️\u200d🔥", "❤️\u200d🔥"),
        ("\ufeffBOM", "‹U+FEFF›BOM"),
        ("bell\x07", "bell‹U+0007›"),
        ("שלום", "שלום"),
    ],
)
def test_it_names_what_nobody_sees(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_it_leaves_nothing_to_name(text: str) -> None:
    assert visible(visible(text)) == visible(text)
