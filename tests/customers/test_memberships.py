"""Companies with members, on the pages of both."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Scope
from accounts.roles import Role
from customers.actions import merge_customers
from customers.models import Customer, Membership
from tests.customers.editing import Form
from tests.factories import make_brand, make_customer, make_user
from tests.problems import assert_problem
from tests.reading import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Customer:
    return make_customer(kind="company", given_name="", family_name="", salutation="", company_name="Musterbau GmbH")


@pytest.fixture
def anna() -> Customer:
    return make_customer()


@pytest.fixture
def agent() -> Client:
    make_brand()
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(Role.SERVICE_AGENT))
    return client


def save(client: Client, customer: Customer, **typed: str) -> list[object]:
    """What stands on the page, with a first membership typed; the errors told."""
    url = reverse("admin:customers_customer_change", args=[customer.pk])
    page = client.get(url).content.decode()
    prefix = "members" if customer.kind == "company" else "memberships"
    added = {f"{prefix}-0-{name}": value for name, value in typed.items() if name != "kind"}
    fields = Form(page).fields | {"kind": typed.get("kind", customer.kind)} | added
    if added:
        fields[f"{prefix}-TOTAL_FORMS"] = "1"
    answer = client.post(url, fields)
    return [] if answer.status_code == 302 else [*answer.context["errors"]]


def test_a_member_is_added_on_the_page_of_the_company(agent, company, anna):
    assert save(agent, company, person=str(anna.pk), role="Einkauf", since_on="01/03/2026") == []
    membership = Membership.objects.get()
    assert (membership.company, membership.person, membership.role) == (company, anna, "Einkauf")
    assert membership.since_on == date(2026, 3, 1)


def test_a_company_is_added_on_the_page_of_the_person(agent, company, anna):
    assert save(agent, anna, company=str(company.pk)) == []
    assert Membership.objects.get().person == anna


@pytest.mark.parametrize("wrong", ["person of a person", "company in a company"])
def test_only_people_belong_to_companies(agent, company, anna, wrong):
    if wrong == "person of a person":
        assert save(agent, anna, company=str(make_customer().pk))
    else:
        assert save(agent, company, person=str(make_customer(kind="company", company_name="Bau AG").pk))
    assert not Membership.objects.exists()


def test_a_membership_checks_both_sides(company, anna):
    for fields in ({"company": anna, "person": make_customer()}, {"company": company, "person": company}):
        with pytest.raises(ValidationError):
            Membership(**fields).full_clean()


def test_who_has_memberships_stays_what_they_are(agent, company, anna):
    Membership.objects.create(company=company, person=anna)
    assert save(agent, anna, kind="company")
    assert save(agent, company, kind="person")
    api = Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
    for customer, kind in ((anna, "company"), (company, "person")):
        answer = api.send("patch", f"customers/{customer.pk}/", {"kind": kind}, if_match="*")
        assert list(assert_problem(answer, 400, "invalid")["errors"]) == ["kind"]


@pytest.mark.parametrize(
    "fields", [{}, {"role": "Einkauf"}, {"since_on": date(2026, 3, 2), "until_on": date(2026, 3, 1)}]
)
def test_the_database_refuses(company, anna, fields):
    Membership.objects.create(company=company, person=anna)
    other = {"person": make_customer()} if "until_on" in fields else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**{"company": company, "person": anna} | other | fields)


def test_agents_see_both_ways_what_stands_today(agent, company, anna):
    today = timezone.localdate()
    left, coming = make_customer(given_name="Ludwig"), make_customer(given_name="Clara")
    Membership.objects.create(company=company, person=anna, role="Einkauf", since_on=today)
    Membership.objects.create(company=company, person=left, until_on=today - timedelta(days=1))
    Membership.objects.create(company=company, person=coming, since_on=today + timedelta(days=1))
    of_company = agent.get(reverse("customer", args=[company.pk]))
    assert [it.person for it in of_company.context["memberships"]] == [anna]
    assert "Members:" in of_company.content.decode()
    of_person = agent.get(reverse("customer", args=[anna.pk])).content.decode()
    assert "Belongs to:" in of_person
    assert "Musterbau GmbH" in of_person
    assert "(Einkauf)" in of_person


def test_a_merged_record_brings_its_memberships(agent, company, anna):
    twin = make_customer()
    Membership.objects.create(company=company, person=twin)
    merge_customers(kept=anna, merged=twin, reason="same card")
    page = agent.get(reverse("customer", args=[anna.pk]))
    assert [it.company for it in page.context["memberships"]] == [company]
    (member,) = agent.get(reverse("customer", args=[company.pk])).context["memberships"]
    assert member.person.canonical == anna
