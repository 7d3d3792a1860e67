"""Every way to search is served by indexes: no table of customers is read through."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer

pytestmark = pytest.mark.django_db
NAMES, VALUES, PHONES = "customer_name_words_idx", "identity_value_like_idx", "identity_phone_part_idx"
SEARCHES = [
    ("Schmidt", False, NAMES),
    ("Li", False, NAMES),
    ("Schm l", False, NAMES),
    ("zz", False, NAMES),
    ("Schmdit", True, NAMES),
    ("Schmiidtt", True, NAMES),
    ("39595000", False, PHONES),
    ("p17@", False, VALUES),
    ("+49100", False, VALUES),
]


@pytest.fixture
def _many() -> None:
    """Twenty thousand people, each with a name, an address and a number."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            "insert into customers_customer (id, canonical_id, kind, salutation, title, given_name, family_name,"
            " company_name, street, postal_code, city, country, language, time_zone, is_known)"
            " select n, n, 'person', '', '', case n % 200 when 0 then 'Lena' else initcap(md5('g' || n % 400)) end,"
            " case n % 200 when 0 then 'Schmidt' when 1 then 'Li' else initcap(md5('f' || n % 9000)) end,"
            " '', '', '', '', '', '', '', true from generate_series(1, 20000) n"
        )
        cursor.execute(
            "insert into customers_identity (customer_id, kind, value, is_trusted) select n, kind, value, true"
            " from generate_series(1, 20000) n, lateral (values ('email', 'p' || n || '@example.org'),"
            " ('phone', '+49' || (100000000 + n * 7919))) known (kind, value)"
        )
        cursor.execute("set local session_replication_role = origin")
        cursor.execute("analyze customers_customer, customers_identity")


@pytest.mark.usefixtures("_many")
def test_no_table_is_read_through():
    for term, is_similar, index in SEARCHES:
        with CaptureQueriesContext(connection) as queries:
            found = Customer.objects.found_by(term)
            rows = list(found[:30])
            assert found.count() >= len(rows)
        assert (found.is_similar, bool(rows)) == (is_similar, term != "zz"), term
        plan = "\n".join(_plan(query["sql"]) for query in queries if "customers_" in query["sql"])
        assert "Seq Scan on customers_" not in plan, (term, plan)
        assert f" on {index}" in plan or f" using {index}" in plan, (term, plan)


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"explain {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())
