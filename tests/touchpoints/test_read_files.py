"""What the world calls CSV: encodings, ragged rows, cut files. Row errors with line numbers, never a crash."""

import gzip
from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.touchpoints.importing import ORDERS, ORDERS_HEADER, TILL, TILL_HEADER, Import
from touchpoints.actions import seed_vocabulary
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _vocabulary() -> None:
    seed_vocabulary()


@pytest.fixture
def run(tmp_path: Path) -> Import:
    return Import(tmp_path)


def test_it_reads_a_bom_and_quoted_newlines(run):
    content = '\ufeff"Bon";Karte;Zeit;Betrag;Filiale\r\n1;K-7;31.12.2025 18:30;5,00;"Köln\nDom"\r\nx;;bad;1;y\r\n'
    run(content)
    assert Touchpoint.objects.get().place == "Köln\nDom"
    assert list(run.errors) == [4]


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16"])
def test_it_reads_a_declared_encoding(run, encoding):
    content = TILL_HEADER + "1;K-7;31.12.2025 18:30;5,00;Köln\r\n"
    run(content.encode(encoding), TILL.replace("[file]", f'[file]\nencoding = "{encoding}"'))
    assert Touchpoint.objects.get().place == "Köln"


def test_a_row_that_is_not_in_the_declared_encoding_is_told_with_its_line(run):
    good = "1;K-7;31.12.2025 18:30;5,00;Aachen\r\n"
    run((TILL_HEADER + good + "2;K-7;31.12.2025 18:30;5,00;Köln\r\n" + good).encode("windows-1252"))
    assert Touchpoint.objects.count() == 2
    assert list(run.errors) == [3]


@pytest.mark.parametrize(
    "row",
    [
        "1;K-7;31.12.2025 18:30;5,00",  # ragged
        "1;K-7;31.12.2025 18:30;5,00;Köln;more",
        "1;K-7;31.12.2025 18:30;12.5;Köln",  # thousands in the wrong place, not twelve and a half
        "1;K-7;31.12.2025 18:30;NaN;Köln",
        "1;K-7;31.12.2025 18:30;1e5;Köln",
        "1;K-7;31.12.2025 18:30;99999999999999999,00;Köln",
        "1;K-7;12/31/2025;5,00;Köln",
        "1;K-7;31.12.1969 18:30;5,00;Köln",
        "1;K-7;31.12.2999 18:30;5,00;Köln",
        ";;31.12.2025 18:30;5,00;Köln",  # nobody
        "1;K-7;31.12.2025 18:30;5,00;K\0ln",
        "1;K-7;31.12.2025 18:30;5,00;" + "x" * 201,
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_others_are_stored(run, row):
    good = "2;K-7;31.12.2025 18:30;5,00;Köln\r\n"
    run(TILL_HEADER + good + row + "\r\n" + good)
    assert Touchpoint.objects.count() == 2
    assert list(run.errors) == [3]


def test_one_bad_line_keeps_the_whole_order_out(run):
    rows = "7,anna,2026-01-05 10:01,A1,Tasse,three,1\n7,anna,2026-01-05 10:01,A1,Tasse,3,1\n7,anna\n"
    run(ORDERS_HEADER + rows + "8,anna,2026-01-05 10:01,A1,Tasse,1,1\n", ORDERS)
    assert [it.message_id for it in Touchpoint.objects.all()] == ["8"]
    assert list(run.errors) == [2, 3, 4] or sorted(run.errors) == [2, 3, 4]


def test_an_order_of_two_customers_is_refused(run):
    run(ORDERS_HEADER + "7,anna,2026-01-05 10:01,A1,T,3,1\n7,ben,2026-01-05 10:01,A1,T,3,1\n", ORDERS)
    assert not Touchpoint.objects.exists()
    assert sorted(run.errors) == [2, 3]


def test_a_file_without_rows_is_fine(run):
    run(TILL_HEADER)
    assert not Touchpoint.objects.exists()
    assert run.errors == {}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "header"),
        (b"PK\x03\x04 workbook", "Excel"),
        (gzip.compress(TILL_HEADER.encode() * 500)[:60], "cannot be read"),
        (TILL_HEADER.replace(";", ",").encode(), "Bon"),
        (TILL_HEADER.encode() + b'1;K;31.12.2025 18:30;5,00;"' + b"open " * 40_000, "quote"),
        (TILL_HEADER.replace("Karte", "Bon").encode(), "Bon"),
    ],
    ids=["empty", "workbook", "cut gzip", "other delimiter", "open quote", "column twice"],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_stores_nothing(run, content, word):
    with pytest.raises(CommandError, match=word):
        run(content)
    assert not Touchpoint.objects.exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[file]", "[fil]"),
        ('decimal = ","', 'decimal = ";;"'),
        ('decimal = ","', 'decimal = "."'),
        ("Europe/Berlin", "Europe/Bonn"),
        ("loyalty_card", "nickname"),
        ('currency = "EUR"', ""),
        ('type = "store_purchased"', ""),
        ('source = "till"', "source ="),
        ('source = "till"', 'source = "till"\ngroup_by = "Bon"'),
    ],
)
def test_a_mapping_that_cannot_be_used_is_one_sentence(run, old, new):
    assert old in TILL
    with pytest.raises(CommandError, match="mapping.toml"):
        run(TILL_HEADER, TILL.replace(old, new))
