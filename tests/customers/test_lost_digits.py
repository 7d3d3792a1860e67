"""What Excel takes from codes and numbers: put back where only one thing can have stood there, refused where not."""

import pytest

from accounts.roles import Role
from customers.importing.lost_digits import with_plus, with_zeros
from customers.models import Identity
from tests.customers.importing import customer, figures, import_all, problems
from tests.customers.importing_pages import imported, page, uploaded
from tests.customers.workbooks import workbook
from tests.factories import make_user


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path


@pytest.mark.parametrize(
    ("country", "written", "code"),
    [
        ("DE", "1067", "01067"),
        ("DE", "10115", "10115"),
        ("DE", "106", "106"),
        ("DE", "", ""),
        ("DE", "D-1067", "D-1067"),
        ("DE", "١٠٦٧", "١٠٦٧"),
        ("AT", "1010", "1010"),
        ("AT", "101", "101"),
        ("CH", "8001", "8001"),
        ("FR", "1000", "01000"),
        ("US", "501", "00501"),
        ("GB", "1067", "1067"),
        ("", "1067", "1067"),
    ],
)
def test_zeros_are_put_back_where_only_they_can_be_missing(country, written, code):
    assert with_zeros(written, country=country) == code


@pytest.mark.parametrize(
    ("country", "written", "number"),
    [
        ("DE", "491701234567", "+491701234567"),
        ("DE", "493012345678", "+493012345678"),
        ("DE", "1701234567", "1701234567"),
        ("DE", "4917012345", "4917012345"),
        ("DE", "049170123456", "049170123456"),
        ("DE", "436641234567", "436641234567"),
        ("AT", "436641234567", "+436641234567"),
        ("XX", "491701234567", "491701234567"),
    ],
)
def test_a_plus_is_put_back_before_the_code_of_the_country(country, written, number):
    assert with_plus(written, country=country) == number


@pytest.mark.django_db
def test_numbers_of_a_workbook_are_no_amounts(client):
    client.force_login(make_user(Role.CUSTOMER_SUCCESS))
    rows = [
        ["Kundennummer", "Telefon", "PLZ", "Land", "Externe ID"],
        [4711.0, 301234567, 1067, "DE", 100000000000000000],
        [4712, 436641234567.0, 1010, "AT", 12],
        [4713, 781234567, 8001.0, "CH", 13],
        [4714, 1701234568, 1069, "", 14],
    ]
    file = uploaded(client, workbook({"Kunden": rows}))
    assert "It is put back: 1067 becomes 01067." in page(client, file)
    imported(client, file)
    codes = {value: customer(value).postal_code for value in ("4711", "4712", "4713", "4714")}
    assert codes == {"4711": "01067", "4712": "1010", "4713": "8001", "4714": "01069"}
    assert set(Identity.objects.filter(kind="phone").values_list("value", flat=True)) == {
        "+49301234567", "+436641234567", "+41781234567", "+491701234568",
    }  # fmt: skip
    assert customer("100000000000000000").pk == customer("4711").pk
    assert (file.restored, "2 postal codes lacked their leading zeros" in page(client, file)) == (2, True)


@pytest.mark.django_db
def test_a_check_and_an_import_tell_the_same_and_the_same_file_again_changes_nothing():
    content = "E-Mail;PLZ\na@example.org;1067\nb@example.org;01067\nnobody;1067\n"
    file = import_all(content)
    assert (figures(file), file.restored) == ({"created": 2, "refused": 1}, 1)
    assert figures(import_all(content)) == {"unchanged": 2, "refused": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["4,91701E+11", "4.91701E+11", "5E+11"])
def test_what_a_spreadsheet_has_shortened_finds_nobody(number):
    file = import_all(f"Kundennummer;Telefon\n{number};\n;{number}\n1E2;\n")
    assert figures(file) == {"created": 1, "refused": 2}
    assert "has shortened this number" in problems(file)[2]
    assert "has shortened this number" in problems(file)[3]
