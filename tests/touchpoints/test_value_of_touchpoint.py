from decimal import Decimal

import pytest

from tests.factories import make_touchpoint

pytestmark = pytest.mark.django_db


def test_it_keeps_fractions_of_a_cent_so_that_sums_are_exact() -> None:
    touchpoint = make_touchpoint(type="order_placed", value=Decimal("0.001") * 3, currency="GBP")
    touchpoint.refresh_from_db()
    assert touchpoint.value == Decimal("0.003")
