from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from customers.actions import object_to, suppress_address
from customers.models import Consent, Customer, Identity
from surveys.eligibility import sending_decision
from surveys.models import Campaign, Invitation, Survey
from tests.factories import make_brand, make_customer
from tests.surveys.factories import make_asked_customer, make_campaign, make_invitation, make_planned, make_trigger
from touchpoints.feed import catch_up
from touchpoints.models import Case, Message, Subject

pytestmark = pytest.mark.django_db


def suppress(customer: Customer) -> None:
    suppress_address(address="anna@example.org", scope="all", reason="hard bounce")


def take_address(customer: Customer) -> None:
    Identity.objects.all().delete()


def object(customer: Customer) -> None:
    object_to(customer=customer, brand=make_brand(), origin="test")


def forget_consent(customer: Customer) -> None:
    Consent.objects.all().delete()


def open_case(customer: Customer) -> None:
    Case.objects.create(brand=make_brand(), number="V-9", customer=customer, title="Complaint")


def open_case_outside(customer: Customer) -> None:
    now = timezone.now()
    Subject.objects.create(
        brand=make_brand(), kind="case", key="Z-1", customer=customer, state="opened", began_at=now, changed_at=now
    )


def ask_lately(customer: Customer) -> None:
    ask(customer, timezone.now() - timedelta(days=29))


def ask(customer: Customer, moment: datetime) -> None:
    other = make_campaign(key="other", trigger="order_delivered")
    make_invitation(other, customer=customer, sent_at=moment)


# In the order of the checks: with all hurdles from one on, its reason is the one that is kept.
HURDLES = [
    ("suppressed", suppress),
    ("objected", object),
    ("open_case", open_case),
    ("quiet_period", ask_lately),
]


@pytest.mark.parametrize(
    ("reason", "hurdle"),
    [*HURDLES, ("open_case", open_case_outside), ("no_address", take_address), ("no_legal_basis", forget_consent)],
)
def test_it_names_the_reason(reason, hurdle):
    invitation = make_planned(make_asked_customer())
    hurdle(invitation.customer)
    decision, found = sending_decision(invitation, now=timezone.now())
    assert found == reason
    assert decision.is_allowed == (reason in {"open_case", "quiet_period"})


@pytest.mark.parametrize("first", range(len(HURDLES)))
def test_it_names_the_first_reason_in_order(first):
    invitation = make_planned(make_asked_customer())
    for _reason, hurdle in reversed(HURDLES[first:]):
        hurdle(invitation.customer)
    assert sending_decision(invitation, now=timezone.now())[1] == HURDLES[first][0]


def test_it_finds_no_reason_for_somebody_who_agreed():
    invitation = make_planned(make_asked_customer())
    decision, reason = sending_decision(invitation, now=timezone.now())
    assert (decision.address, decision.basis, reason) == ("anna@example.org", "opt_in", "")


def test_the_quiet_period_ends():
    invitation = make_planned(make_asked_customer())
    ask(invitation.customer, timezone.now() - timedelta(days=31))
    assert sending_decision(invitation, now=timezone.now())[1] == ""


def test_the_quiet_period_counts_the_person_over_all_records():
    invitation = make_planned(make_asked_customer())
    same_person = make_customer()
    Customer.objects.filter(pk=same_person.pk).update(canonical=invitation.customer)
    ask(same_person, timezone.now() - timedelta(days=3))
    invitation = Invitation.objects.get(pk=invitation.pk)
    assert sending_decision(invitation, now=timezone.now())[1] == "quiet_period"


@pytest.mark.parametrize(("state", "fell"), [("cancelled", True), ("returned", True), ("delivered", False)])
def test_it_sees_that_an_order_came_to_nothing(state, fell):
    campaign = make_campaign(trigger="order_delivered")
    invitation = make_planned(make_asked_customer(), campaign=campaign, subject="order:1001")
    now = timezone.now()
    Subject.objects.create(
        brand=campaign.brand, kind="order", key="1001", customer=invitation.customer, state=state, began_at=now,
        changed_at=now,
    )  # fmt: skip
    reason = sending_decision(invitation, now=now)[1]
    assert (reason == "subject_cancelled") is fell


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda it: Campaign.objects.update(activated_at=None), "campaign_paused"),
        (lambda it: Survey.objects.update(is_closed=True), "survey_closed"),
        (lambda it: Invitation.objects.update(due_at=timezone.now() - timedelta(days=15)), "too_old"),
        (lambda it: Invitation.objects.update(state="cancelled", reason="trigger_retracted"), "trigger_retracted"),
    ],
)
def test_a_question_that_nobody_wants_to_ask_any_more_is_not_asked(change, reason):
    invitation = make_planned(make_asked_customer())
    change(invitation)
    invitation = Invitation.objects.get(pk=invitation.pk)
    assert sending_decision(invitation, now=timezone.now())[1] == reason


def test_a_mail_on_its_way_counts_as_asked():
    invitation = make_planned(make_asked_customer())
    now = timezone.now()
    Message.objects.create(
        kind="invitation", key="invitation:0:first", reference=0, brand=make_brand(), customer=invitation.customer,
        state="sending", lease_until=now + timedelta(minutes=1), data_at=now,
        basis="opt_in", grounds={"basis": "opt_in"},
    )  # fmt: skip
    assert sending_decision(invitation, now=now)[1] == "quiet_period"


def test_planning_keeps_the_reason():
    make_campaign()
    make_trigger(make_customer(email="nobody@example.org"))
    catch_up()
    assert list(Invitation.objects.values_list("state", "reason")) == [("suppressed", "no_legal_basis")]


def test_planning_judges_the_quiet_period_by_the_day_the_mail_is_due():
    make_campaign(delay_minutes=7 * 24 * 60)
    for email, days in (("anna@example.org", 20), ("ben@example.org", 24)):
        customer = make_asked_customer(email)
        other = make_campaign(key=f"other-{days}", trigger="order_delivered")
        make_invitation(other, customer=customer, sent_at=timezone.now() - timedelta(days=days))
        make_trigger(customer)
    catch_up()
    new = Invitation.objects.filter(campaign__key="satisfaction").order_by("id")
    assert list(new.values_list("state", "reason")) == [("suppressed", "quiet_period"), ("planned", "")]


def test_planning_leaves_an_open_case_to_the_day_of_sending():
    make_campaign(delay_minutes=60)
    customer = make_asked_customer()
    open_case(customer)
    make_trigger(customer)
    catch_up()
    assert Invitation.objects.get().state == "planned"
