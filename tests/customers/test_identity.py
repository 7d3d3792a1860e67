import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.identity import BY_STRENGTH, LONGEST, InvalidIdentityError, identifier
from customers.models.identity import IdentityKind


def test_it_knows_every_kind():
    assert set(BY_STRENGTH) == set(IdentityKind.values)


@pytest.mark.parametrize(
    ("kind", "written", "normalised"),
    [
        ("email", "  Anna.Mueller@Example.COM ", "anna.mueller@example.com"),
        ("email", "jo\u0308rg@müller.example", "jörg@müller.example"),
        ("phone", "030 / 123 456 78", "+493012345678"),
        ("phone", "+49 (0)30 12345678", "+493012345678"),
        ("phone", "0049 30 12345678", "+493012345678"),
        ("phone", 3012345678, "+493012345678"),
        ("user_id", "  AbC-1 ", "AbC-1"),
        ("user_id", 4711, "4711"),
        ("anonymous_id", "😀", "😀"),
    ],
)
def test_it_spells_an_identifier_in_one_way(kind: str, written: str | int, normalised: str):
    assert identifier(kind, written, country="DE") == (kind, normalised)


def test_it_completes_a_phone_number_by_country():
    assert identifier("phone", "01 234567890", country="AT").value == "+431234567890"
    assert identifier("phone", "+43 1 234567890", country="DE").value == "+431234567890"


@pytest.mark.parametrize(
    ("country", "written", "normalised"),
    [
        ("DE", "0171 1234567", "+491711234567"),
        ("DE", "(089) 123 45-67", "+49891234567"),
        ("AT", "0664/1234567", "+436641234567"),
        ("AT", "0043 664 1234567", "+436641234567"),
        ("CH", "044 668 18 00", "+41446681800"),
        ("CH", "079 123 45 67", "+41791234567"),
        ("GB", "020 7946 0958", "+442079460958"),
        ("US", "(201) 555-0123", "+12015550123"),
        ("US", "011 49 30 12345678", "+493012345678"),
        ("FR", "01 23 45 67 89", "+33123456789"),
        # Italy keeps its zero.
        ("IT", "06 1234 5678", "+390612345678"),
        ("", "+49 30 12345678", "+493012345678"),
    ],
)
def test_a_number_without_prefix_belongs_to_its_country(country: str, written: str, normalised: str):
    assert identifier("phone", written, country=country).value == normalised


def test_a_number_without_prefix_and_country_is_nobodys():
    with pytest.raises(InvalidIdentityError):
        identifier("phone", "030 12345678")


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("email", "anna"),
        ("email", "anna@localhost"),
        ("email", "anna@@example.com"),
        ("email", "an na@example.com"),
        ("email", "a" * 65 + "@example.com"),
        ("phone", "call me"),
        ("phone", "1"),
        ("phone", "+49 30 1234567890123456"),
        ("user_id", ""),
        ("user_id", "   "),
        ("user_id", "a\x00b"),
        ("user_id", "\ud800"),
        ("user_id", "x" * (LONGEST + 1)),
        ("passport", "X1"),
    ],
)
def test_it_refuses_what_identifies_nobody(kind: str, written: str):
    with pytest.raises(InvalidIdentityError):
        identifier(kind, written)


@given(kind=st.sampled_from(BY_STRENGTH), written=st.text(max_size=40))
def test_it_changes_a_normalised_value_no_more(kind: str, written: str):
    try:
        first = identifier(kind, written)
    except InvalidIdentityError:
        return
    assert identifier(kind, first.value) == first
