from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.models import Brand, Team
from tests.factories import how_it_ended, make_customer, make_user
from touchpoints.actions import seed_vocabulary
from touchpoints.actions.cases import change_case, open_case, reopen_case, resolve_case, take_case
from touchpoints.models import BusinessHours, CaseReason, ClosedDay, OpenHours, Touchpoint

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


def test_a_change_is_told_once_without_anybody_s_words(case, agent):
    change_case(case=case, by=agent, title="Machine drips badly", priority=4)
    change_case(case=case, by=agent, title="Machine drips badly", priority=4)
    told = Touchpoint.objects.get(type__key="case_changed")
    assert told.properties == {"by": agent.pk, "changed": ["title", "priority"], "priority": "4"}


def test_giving_it_to_a_team_is_an_assignment(case, agent):
    change_case(case=case, by=agent, team=Team.objects.create(name="Nord"))
    assert story(case) == ["case_opened", "case_assigned"]
    assert Touchpoint.objects.get(type__key="case_assigned").properties["team"] == "Nord"


@pytest.fixture
def easter():
    """Thursday before Easter, at 16:00 in Berlin."""
    with time_machine.travel(datetime(2026, 4, 2, 14, tzinfo=UTC), tick=False):
        yield


def berlin(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("Europe/Berlin"))


def test_it_is_due_by_its_priority_and_the_business_hours(easter, agent):
    def due(**fields):
        return open_case(customer=make_customer(), by=agent, title="Drips", **fields).due_at

    assert due(priority=4) == berlin(2026, 4, 7, 12)  # one hour on Thursday, three after Easter
    assert due(priority=3) == berlin(2026, 4, 7, 16)
    by_hand = berlin(2026, 4, 3, 9)
    assert due(due_at=by_hand) == by_hand


def test_a_team_has_its_own_hours_and_days_off(easter, agent):
    team = Team.objects.create(name="Nacht")
    hours = BusinessHours.objects.create(name="Nacht", brand=Brand.objects.default(), team=team, urgent_minutes=60)
    OpenHours.objects.create(hours=hours, weekday=3, opens_at="22:00", closes_at="00:00")
    ClosedDay.objects.create(hours=hours, day=berlin(2020, 4, 2).date(), is_yearly=True, name="Betriebsausflug")
    case = open_case(customer=make_customer(), by=agent, title="Drips", priority=4, team=team)
    assert case.due_at == berlin(2026, 4, 9, 23)

    moved = change_case(case=case, by=agent, team=None)
    assert moved.due_at == berlin(2026, 4, 7, 12)


def test_opened_again_it_is_due_anew(easter, agent):
    case = open_case(customer=make_customer(), by=agent, title="Drips", priority=4)
    resolve_case(case=case, by=agent, **how_it_ended())
    with time_machine.travel(berlin(2026, 4, 8, 9), tick=False):
        assert reopen_case(case=case, by=agent).due_at == berlin(2026, 4, 8, 13)
        assert change_case(case=case, by=agent, priority=3).due_at == berlin(2026, 4, 8, 17)


def test_without_business_hours_nothing_is_due(agent):
    BusinessHours.objects.all().delete()
    assert open_case(customer=make_customer(), by=agent, title="Drips").due_at is None


@pytest.mark.parametrize("wrong", [{"country": "XX"}, {"subdivision": "Bayern"}, {"low_minutes": 0}])
def test_business_hours_know_their_land(agent, wrong):
    hours = BusinessHours.objects.get()
    for name, value in wrong.items():
        setattr(hours, name, value)
    with pytest.raises(ValidationError):
        hours.full_clean()


def test_the_tree_of_reasons_has_two_levels_of_one_kind():
    parent, part = CaseReason.objects.get(key="product"), CaseReason.objects.get(key="worn_part")
    for wrong in (part, CaseReason.objects.get(key="money")):
        with pytest.raises(ValidationError):
            CaseReason(kind="root_cause", key="new", label_de="Neu", parent=wrong).full_clean()
    parent.parent = CaseReason.objects.get(key="delivery")
    with pytest.raises(ValidationError):
        parent.full_clean()
