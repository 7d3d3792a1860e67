"""Pages of the administration among a million customers, beside the same pages among ten thousand."""

import statistics
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from accounts.models import User
from benchmarks.figures import print_figure, seconds
from customers.models import Customer
from touchpoints.models import Channel, Source

FEW, MANY = 10_000, 1_000_000
STEP = 50_000
ROUNDS = 20
# Five times slower among a hundred times the rows, at most.
LEAST_RATIO = 0.2
MAKE_ROWS = (Path(__file__).parent / "admin_rows.sql").read_text()


def run() -> None:
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False, STORAGES=_plain_static_files()):
        few = _measure(FEW)
        for name, slowest in _measure(MANY).items():
            speed, before = 1 / slowest, 1 / few[name]
            print_figure(f"admin.{name}", speed, "pages/s (p95)", other=("of 10,000", before), least_ratio=LEAST_RATIO)


def _measure(customers: int) -> dict[str, float]:
    _make_rows(customers)
    client = Client()
    user, _is_new = User.objects.get_or_create(username="benchmark", is_superuser=True, is_staff=True)
    client.force_login(user)
    return {name: _p95(client, path) for name, path in _pages().items()}


def _make_rows(customers: int) -> None:
    source = Source.objects.get(key="kundenpfad").pk
    with connection.cursor() as cursor:
        while (missing := customers - Customer.objects.count()) > 0:
            cursor.execute(MAKE_ROWS, {"rows": min(missing, STEP), "source": source})
        cursor.execute("vacuum analyze")


def _pages() -> dict[str, str]:
    middle = Customer.objects.filter(identities__kind="email").order_by("-pk")[5000]
    phone = Channel.objects.get(key="phone")
    customers, touchpoints = "/admin/customers/customer/", "/admin/touchpoints/touchpoint/"
    choice = "app_label=customers&model_name=merge&field_name=kept"
    return {
        "customers": customers,
        "customers_by_name": f"{customers}?q={middle.family_name.lower()}",
        "customers_by_address": f"{customers}?q=person{middle.pk}@",
        "customers_filtered": f"{customers}?language=en",
        "customer": f"{customers}{middle.pk}/change/",
        "customer_autocomplete": f"/admin/autocomplete/?term={middle.family_name}&{choice}",
        "touchpoints": touchpoints,
        "touchpoints_of_customer": f"{touchpoints}?customer__id__exact={middle.pk}",
        "touchpoints_by_subject": f"{touchpoints}?q=order:A{middle.pk}",
        "touchpoints_of_rare_channel": f"{touchpoints}?channel__id__exact={phone.pk}",
    }


def _p95(client: Client, path: str) -> float:
    def visit() -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")

    visit()
    return statistics.quantiles([seconds(visit, rounds=1) for _ in range(ROUNDS)], n=20)[-1]


def _plain_static_files() -> dict[str, dict[str, str]]:
    """No page is served to anybody here, so nothing was collected."""
    return settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
