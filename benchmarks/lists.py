"""Lists, search, pages and choices of customers among a million of them, beside the same among ten thousand.

Two databases are made once and kept; every round visits both, so other work on the machine slows both alike.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from tqdm import tqdm

from accounts.models import Brand, User
from benchmarks.figures import print_figure
from customers.models import Customer, Tag
from touchpoints.models import Channel, Source

FEW, MANY = 10_000, 1_000_000
STEP = 20_000
ROUNDS = 40
# Five times slower among a hundred times the rows, at most.
LEAST_RATIO = 0.2
MAKE_ROWS = (Path(__file__).parent / "lists_rows.sql").read_text()
MIDDLE = 5_000


def run() -> None:
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False, STORAGES=_plain_static_files()):
        for customers in (FEW, MANY):
            _make_rows(customers)
        few, many, queries = _measure()
        for name in many:
            other = (f"of {FEW:,}", 1 / few[name])
            print_figure(f"lists.{name}", 1 / many[name], "pages/s (p95)", other=other, least_ratio=LEAST_RATIO)
            if queries[name][0] != queries[name][1]:
                raise RuntimeError(
                    f"{name}: {queries[name][0]} queries among {FEW:,}, {queries[name][1]} among {MANY:,}"
                )


def _measure() -> tuple[dict[str, float], dict[str, float], dict[str, tuple[int, int]]]:
    times: dict[tuple[str, int], list[float]] = {}
    counts: dict[tuple[str, int], int] = {}
    for _round in range(4):
        for customers in (FEW, MANY):
            with _database_of(customers):
                client, pages = _client(), _pages()
                for name, path in pages.items():
                    counts[name, customers] = _queries(client, path)
                    visits = [_visit(client, path) for _ in range(ROUNDS // 4)]
                    times.setdefault((name, customers), []).extend(visits)
    slowest = {key: statistics.quantiles(found, n=20)[-1] for key, found in times.items()}
    names = list(dict.fromkeys(name for name, _ in times))
    return (
        {name: slowest[name, FEW] for name in names},
        {name: slowest[name, MANY] for name in names},
        {name: (counts[name, FEW], counts[name, MANY]) for name in names},
    )


@contextmanager
def _database_of(customers: int) -> Iterator[None]:
    own = connection.settings_dict["NAME"]
    name = f"lists_{customers}"
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f"create database {name}")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def _make_rows(customers: int) -> None:
    with _database_of(customers):
        call_command("migrate", verbosity=0)
        call_command("seed_vocabulary", verbosity=0)
        made = Customer.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if made >= customers:
            return
        references = {
            "source": Source.objects.get(key="kundenpfad").pk,
            "brand": Brand.objects.get(is_default=True).pk,
            "owner": _user().pk,
            "tag": Tag.objects.get_or_create(key="regular", defaults={"name": "Stammkundschaft"})[0].pk,
        }
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica; set synchronous_commit = off")
            for first in tqdm(range(made + 1, customers + 1, STEP), desc=f"{customers:,} customers"):
                last = min(first + STEP - 1, customers)
                cursor.execute(MAKE_ROWS, {"first": first, "last": last, **references})
            cursor.execute("select setval(pg_get_serial_sequence('customers_customer', 'id'), %s)", [customers])
            cursor.execute("vacuum analyze")


def _client() -> Client:
    client = Client()
    client.force_login(_user())
    return client


def _user() -> User:
    return User.objects.get_or_create(username="benchmark", is_superuser=True, is_staff=True)[0]


def _pages() -> dict[str, str]:
    middle = Customer.objects.get(pk=MIDDLE)
    phone = Channel.objects.get(key="phone")
    customers, touchpoints = "/admin/customers/customer/", "/admin/touchpoints/touchpoint/"
    choice = "app_label=customers&model_name=merge&field_name=kept"
    spelled = middle.family_name.lower().replace("ü", "ue").replace("ß", "ss")
    misspelt = f"{spelled[:-3]}{spelled[-2]}{spelled[-3]}{spelled[-1]}"
    number = middle.identities.get(kind="phone").value[-7:]
    return {
        "customers": customers,
        "customers_by_name": f"{customers}?q={spelled}",
        "customers_by_two_names": f"{customers}?q={middle.given_name.split()[0]} {spelled}",
        "customers_by_common_name": f"{customers}?q=schmidt",
        "customers_misspelt": f"{customers}?q={misspelt}",
        "customers_common_misspelt": f"{customers}?q=schmdit",
        "customers_by_two_letters": f"{customers}?q=li",
        "customers_by_part_of_phone": f"{customers}?q={number}",
        "customers_by_address": f"{customers}?q=person{middle.pk}@",
        "customers_of_rare_language": f"{customers}?language=en",
        "customers_tagged": f"{customers}?tag=regular",
        "customers_of_owner": f"{customers}?owner={_user().pk}",
        "customer_history": f"{customers}{middle.pk}/history/",
        "suggestions": "/admin/customers/mergesuggestion/",
        "customer": f"{customers}{middle.pk}/change/",
        "customer_autocomplete": f"/admin/autocomplete/?term={middle.family_name}&{choice}",
        "customer_autocomplete_misspelt": f"/admin/autocomplete/?term={misspelt}&{choice}",
        "touchpoints": touchpoints,
        "touchpoints_of_customer": f"{touchpoints}?customer__id__exact={middle.pk}",
        "touchpoints_by_subject": f"{touchpoints}?q=order:A{middle.pk}",
        "touchpoints_of_rare_channel": f"{touchpoints}?channel__id__exact={phone.pk}",
        "agent_customers": "/customers/",
        "agent_search": f"/customers/?q={spelled}",
        "agent_search_misspelt": f"/customers/?q={misspelt}",
        "agent_search_common_misspelt": "/customers/?q=schmdit",
        "agent_search_by_two_letters": "/customers/?q=li",
        "agent_search_by_part_of_phone": f"/customers/?q={number}",
        "agent_search_of_nobody": "/customers/?q=xyzzyxw",
        "agent_search_by_order": f"/customers/?q=A{middle.pk}",
        "agent_customer": f"/customers/{middle.pk}/",
        "api_customers": "/api/v1/customers/",
        "api_customers_by_address": f"/api/v1/customers/?email=person{middle.pk}@example.org",
        "api_customers_tagged": "/api/v1/customers/?tag=regular",
        "api_customers_search": f"/api/v1/customers/?q={spelled}",
        "api_customers_search_misspelt": f"/api/v1/customers/?q={misspelt}",
        "api_customer": f"/api/v1/customers/{middle.pk}/",
        "api_touchpoints": f"/api/v1/touchpoints/?customer={middle.pk}",
    }


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        _visit(client, path)
    return len(queries)


def _visit(client: Client, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    return time.perf_counter() - began


def _plain_static_files() -> dict[str, dict[str, str]]:
    """No page is served to anybody here, so nothing was collected."""
    return settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
