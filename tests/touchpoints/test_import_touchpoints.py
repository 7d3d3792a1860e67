import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from customers.models import Customer
from tests.factories import NOW
from tests.touchpoints.importing import ORDERS, ORDERS_HEADER, TILL, TILL_HEADER, Import
from touchpoints.actions import seed_vocabulary
from touchpoints.file_import import import_file, load_mapping
from touchpoints.models import Source, Touchpoint, TouchpointType

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _vocabulary() -> None:
    seed_vocabulary()


@pytest.fixture
def run(tmp_path: Path) -> Import:
    return Import(tmp_path)


def test_it_reads_german_numbers_and_local_times(run):
    run(TILL_HEADER + "1;K-7;31.12.2025 18:30;1.234,56;Köln\r\n")
    touchpoint = Touchpoint.objects.get()
    assert touchpoint.value == Decimal("1234.56")
    assert touchpoint.occurred_at.isoformat() == "2025-12-31T17:30:00+00:00"
    assert (touchpoint.place, touchpoint.currency, touchpoint.type.key) == ("Köln", "EUR", "store_purchased")
    assert str(touchpoint.customer.identities.get()) == "loyalty_card: K-7"
    assert touchpoint.customer.is_known
    assert touchpoint.channel.key == "store"
    assert touchpoint.source.kind == "import"


def test_it_makes_one_order_with_its_lines_and_their_sum(run):
    rows = "7,anna,2026-01-05 10:01,A1,Tasse,3,0.105\n8,ben,2026-01-05 11:00,B2,Teller,1,5\n"
    # The last line of order 7 stands behind another order.
    run(ORDERS_HEADER + rows + '7,anna,2026-01-05 10:00,C3,"Kanne, blau",1,20.00\n', ORDERS)
    order = Touchpoint.objects.get(message_id="7")
    assert order.value == Decimal("20.315")
    assert order.subject == "order:7"
    assert order.occurred_at.isoformat() == "2026-01-05T09:00:00+00:00"
    assert order.properties["lines"] == [
        {"sku": "A1", "description": "Tasse", "quantity": 3, "price": 0.105},
        {"sku": "C3", "description": "Kanne, blau", "quantity": 1, "price": 20.00},
    ]
    assert Touchpoint.objects.count() == 2


def test_it_gives_a_row_without_customer_an_anonymous_one(run):
    run(TILL_HEADER + "77;;31.12.2025 18:30;5,00;Köln\r\n")
    customer = Customer.objects.get()
    assert not customer.is_known
    assert str(customer.identities.get()) == "receipt: 77"
    assert customer.is_canonical


def test_it_finds_the_customer_again(run):
    run(TILL_HEADER + "1;K-7;30.12.2025 18:30;5,00;Köln\r\n" + "2;K-7;31.12.2025 18:30;5,00;Köln\r\n")
    assert Customer.objects.count() == 1
    assert Touchpoint.objects.count() == 2


def test_rules_give_another_type(run):
    run(ORDERS_HEADER + "C9,anna,2026-01-05 10:01,A1,Tasse,-3,2\n", ORDERS)
    assert Touchpoint.objects.get().type.key == "order_cancelled"


def test_the_same_file_again_adds_nothing(run):
    content = TILL_HEADER + "1;K-7;31.12.2025 18:30;5,00;Köln\r\n" * 2
    run(content)
    run(content)
    run(gzip.compress(content.encode()), name="again.csv.gz")
    assert Touchpoint.objects.count() == 2
    assert Customer.objects.count() == 1


def test_equal_rows_are_two_touchpoints_and_get_file_and_row_as_id(run):
    run(TILL_HEADER + "1;K-7;31.12.2025 18:30;5,00;Köln\r\n" * 2)
    first, second = sorted(Touchpoint.objects.values_list("message_id", flat=True))
    assert first[:-1] == second[:-1]
    assert (first[-2:], second[-2:]) == (":1", ":2")


def test_an_order_stored_with_other_content_is_told_and_left_as_it_is(run):
    run(ORDERS_HEADER + "7,anna,2026-01-05 10:01,A1,Tasse,3,1\n", ORDERS)
    run(ORDERS_HEADER + "7,anna,2026-01-05 10:01,A1,Tasse,4,1\n8,anna,2026-01-05 10:01,A1,Tasse,4,1\n", ORDERS)
    assert Touchpoint.objects.get(message_id="7").value == 3
    assert list(run.errors) == [2]
    assert Touchpoint.objects.filter(message_id="8").exists()


def test_stopped_between_batches_it_goes_on_where_it_was(tmp_path):
    path, mapping_path = tmp_path / "many.csv", tmp_path / "mapping.toml"
    path.write_text(TILL_HEADER + "".join(f"{n};K{n % 50};01.02.2025 10:00;1,50;Köln\n" for n in range(12_000)))
    mapping_path.write_text(TILL)

    def run(on_rows):
        return import_file(
            path, mapping=load_mapping(mapping_path), source_key="till", now=NOW, on_problem=print, on_rows=on_rows
        )

    def stop(_count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(stop)
    assert Touchpoint.objects.count() == 10_000
    report = run(lambda count: None)
    assert (report.created, report.known, report.errors) == (2_000, 10_000, 0)
    assert Touchpoint.objects.count() == 12_000


def test_a_type_never_seen_before_waits_for_classification(run):
    run(TILL_HEADER + "1;K-7;31.12.2025 18:30;5,00;Köln\r\n", TILL.replace("store_purchased", "Kiosk Sale"))
    assert TouchpointType.objects.get(key="Kiosk Sale").state == "new"


def test_an_alias_finds_its_type(run):
    run(TILL_HEADER + "1;K-7;31.12.2025 18:30;5,00;Köln\r\n", TILL.replace("store_purchased", "Order Completed"))
    assert Touchpoint.objects.get().type.key == "order_placed"


def test_an_unknown_channel_is_told(run):
    run(
        TILL_HEADER + "1;K-7;31.12.2025 18:30;5,00;Köln\r\n",
        TILL.replace("[constants]", '[constants]\nchannel = "moon"'),
    )
    assert list(run.errors) == [2]


def test_the_option_names_another_source(run):
    run(TILL_HEADER + "1;K-7;31.12.2025 18:30;5,00;Köln\r\n", source="till_cologne")
    assert Touchpoint.objects.get().source == Source.objects.get(key="till_cologne")
