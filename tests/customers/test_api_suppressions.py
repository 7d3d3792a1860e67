"""Bounces and complaints that only a mail provider hears of."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Scope
from accounts.roles import Role
from customers.consent import may_contact
from customers.models import Consent, Customer, Suppression
from tests.factories import make_brand, make_consent, make_customer, make_user
from tests.problems import assert_problem
from tests.reading import Reader

pytestmark = pytest.mark.django_db
ANNA = "anna@example.com"


@pytest.fixture
def anna() -> Customer:
    customer = make_customer(email=ANNA)
    make_consent(customer, address=ANNA)
    return customer


@pytest.fixture
def provider() -> Reader:
    return Reader(Scope.CUSTOMERS_WRITE)


def reasons(customer: Customer) -> tuple[str, str]:
    now, brand = timezone.now(), make_brand()
    service, survey = (
        may_contact(customer, purpose=purpose, channel="email", brand=brand, now=now).reason
        for purpose in ("service", "survey")
    )
    return service, survey


def test_after_a_bounce_nothing_goes_there(anna: Customer, provider: Reader) -> None:
    assert reasons(anna) == ("", "")
    answers = [provider.send("post", "suppressions/", {"email": " Anna@Example.com", "report": "bounce"}) for _ in "12"]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert set(answers[0].json()) == {"scope", "reason", "created_at"}
    assert answers[0].json()["scope"] == "all"
    assert reasons(anna) == ("suppressed", "suppressed")


def test_a_complaint_is_an_objection_and_ends_advertising_alone(anna: Customer, provider: Reader) -> None:
    for _ in "12":
        assert provider.send("post", "suppressions/", {"email": ANNA, "report": "complaint"}).status_code == 200

    assert reasons(anna)[0] == ""
    assert reasons(anna)[1] != ""
    assert Consent.objects.filter(state="objected", purpose="survey", address=ANNA, origin="complaint").count() == 1


def test_it_holds_for_an_address_that_nobody_has_yet(provider: Reader) -> None:
    make_brand()
    assert provider.send("post", "suppressions/", {"email": "neu@example.com", "report": "bounce"}).status_code == 200
    assert reasons(make_customer(email="neu@example.com"))[0] == "suppressed"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"report": "full"}, "report"),
        ({"brand": 0}, "brand"),
        ({"scope": "all"}, "scope"),
    ],
)
def test_it_refuses_what_is_wrong(provider: Reader, change: dict[str, object], field: str) -> None:
    answer = provider.send("post", "suppressions/", {"email": ANNA, "report": "bounce"} | change)
    assert field in assert_problem(answer, 400, "invalid")["errors"]
    assert not Suppression.objects.exists()


def test_only_who_may_write_customers_reports_and_nobody_reads() -> None:
    body = {"email": ANNA, "report": "bounce"}
    assert Reader(Scope.CUSTOMERS_READ).send("post", "suppressions/", body).status_code == 403
    agent = Client()
    agent.force_login(make_user(Role.SERVICE_AGENT))
    assert agent.post("/api/v1/suppressions/", body, "application/json").status_code == 403
    assert Reader(Scope.CUSTOMERS_WRITE).get("suppressions/").status_code in {403, 405}
    assert not Suppression.objects.exists()
