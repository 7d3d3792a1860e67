import pytest
from django.db import connection

from customers.models import Customer

pytestmark = pytest.mark.django_db


def test_it_lets_a_new_customer_stand_for_itself() -> None:
    customers = Customer.objects.bulk_create([Customer(), Customer()])

    assert list(Customer.objects.canonical().order_by("id")) == customers


def test_it_keeps_a_canonical_customer_that_is_given() -> None:
    first = Customer.objects.create()
    second = Customer.objects.create(canonical=first)
    second.refresh_from_db()

    assert second.canonical == first


def test_it_also_serves_plain_sql() -> None:
    with connection.cursor() as cursor:
        columns = "kind, salutation, title, given_name, family_name, company_name, street, postal_code, city"
        cursor.execute(
            f"insert into customers_customer ({columns}, country, language, time_zone, is_known)"  # noqa: S608
            " values ('person', '', '', '', '', '', '', '', '', '', '', '', false) returning id, canonical_id"
        )
        made, canonical = cursor.fetchone()
    assert made == canonical
