import pytest
from django.core.exceptions import ValidationError

from tests.factories import how_it_ended, make_customer, make_user
from touchpoints.actions import seed_vocabulary
from touchpoints.actions.cases import open_case, reopen_case, resolve_case, take_case
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _vocabulary():
    seed_vocabulary()


@pytest.fixture
def agent():
    return make_user()


@pytest.fixture
def case(agent):
    return open_case(customer=make_customer(), by=agent, title="Machine drips")


def story(case):
    touchpoints = Touchpoint.objects.filter(subject=case.subject).order_by("id")
    return list(touchpoints.values_list("type__key", flat=True))


def test_a_case_has_a_number_and_begins_its_story(case):
    assert case.number == f"V-{case.pk}"
    assert story(case) == ["case_opened"]


def test_resolving_needs_a_cause_and_says_when(case, agent):
    with pytest.raises(ValidationError):
        resolve_case(case=case, by=agent, root_cause=None, resolution=None)
    assert story(case) == ["case_opened"]

    resolved = resolve_case(case=case, by=agent, **how_it_ended())

    assert resolved.state == "resolved"
    assert resolved.resolved_at is not None
    assert story(case) == ["case_opened", "case_resolved"]


def test_it_refuses_to_resolve_twice(case, agent):
    resolve_case(case=case, by=agent, **how_it_ended())
    with pytest.raises(ValidationError):
        resolve_case(case=case, by=agent, **how_it_ended("defect"))
    assert story(case) == ["case_opened", "case_resolved"]


def test_a_resolved_case_can_be_opened_again(case, agent):
    resolve_case(case=case, by=agent, **how_it_ended())
    assert reopen_case(case=case, by=agent).is_open
    assert story(case)[-1] == "case_reopened"


def test_taking_a_case_makes_its_owner_once(case, agent):
    take_case(case=case, by=agent)
    assert take_case(case=case, by=agent).owner == agent
    assert story(case) == ["case_opened", "case_assigned"]
