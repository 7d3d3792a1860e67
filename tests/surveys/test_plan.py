from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from surveys.actions import activate_campaign, pause_campaign
from surveys.models import Invitation
from tests.factories import make_brand, make_source, make_touchpoint
from tests.surveys.factories import make_asked_customer, make_campaign, make_trigger
from touchpoints import feed
from touchpoints.feed import catch_up
from touchpoints.models import FollowerPosition

pytestmark = pytest.mark.django_db


def plans() -> list[Invitation]:
    catch_up()
    return list(Invitation.objects.order_by("id"))


def test_it_plans_one_invitation_after_the_delay():
    campaign = make_campaign(delay_minutes=30)
    customer = make_asked_customer(language="en")
    trigger = make_trigger(customer, subject="case:V-1")
    [invitation] = plans()
    assert (invitation.campaign, invitation.customer, invitation.touchpoint) == (campaign, customer, trigger)
    assert (invitation.state, invitation.subject, invitation.language) == ("planned", "case:V-1", "en")
    assert invitation.due_at - trigger.occurred_at == timedelta(minutes=30)


def test_it_waits_for_the_customers_daytime():
    make_campaign(window_from_hour=9, window_to_hour=10)
    make_trigger(make_asked_customer(time_zone="Asia/Tokyo"))
    [invitation] = plans()
    assert invitation.due_at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 9


def test_it_asks_once_per_subject_and_once_per_touchpoint_without_one():
    make_campaign()
    customer = make_asked_customer()
    for subject in ("case:V-1", "case:V-1", "case:V-2", "", ""):
        make_trigger(customer, subject=subject)
    assert sorted(invitation.subject for invitation in plans()) == ["", "", "case:V-1", "case:V-2"]


def test_it_plans_no_more_when_the_followers_are_reset_twice():
    make_campaign()
    make_trigger(make_asked_customer(), subject="case:V-1")
    make_trigger(make_asked_customer("ben@example.org"))
    before = [invitation.pk for invitation in plans()]
    for _ in range(2):
        FollowerPosition.objects.update(touchpoint_id=0)
        assert [invitation.pk for invitation in plans()] == before
    assert len(before) == 2


def test_history_invites_nobody():
    make_campaign()
    history = make_trigger(make_asked_customer())
    FollowerPosition.objects.update_or_create(name="campaigns", defaults={"quiet_until_id": history.pk})
    assert plans() == []


def test_what_happened_before_the_campaign_invites_nobody():
    campaign = make_campaign(is_active=False)
    customer = make_asked_customer()
    make_trigger(customer)
    assert plans() == []
    activate_campaign(campaign=campaign)
    make_trigger(customer, occurred_at=timezone.now() - timedelta(minutes=1))
    assert plans() == []


def test_an_import_of_old_orders_plans_nothing_while_a_campaign_runs():
    campaign = make_campaign(trigger="order_delivered", delay_minutes=7 * 24 * 60)
    campaign.activated_at = timezone.now() - timedelta(days=1000)
    campaign.save()
    customer = make_asked_customer()
    for days in (730, 100, 22):
        make_trigger(customer, type="order_delivered", occurred_at=timezone.now() - timedelta(days=days))
    assert plans() == []
    make_trigger(customer, type="order_delivered", occurred_at=timezone.now() - timedelta(days=20))
    assert len(plans()) == 1


def test_a_paused_campaign_invites_nobody():
    campaign = make_campaign()
    pause_campaign(campaign=campaign)
    make_trigger(make_asked_customer())
    assert plans() == []


def test_what_a_browser_claims_invites_nobody():
    make_campaign()
    make_trigger(make_asked_customer(), source=make_source(kind="browser"))
    assert plans() == []


def test_it_looks_at_conditions_type_and_brand():
    make_campaign(conditions={"express": True})
    customer = make_asked_customer()
    make_trigger(customer, properties={"express": False})
    make_touchpoint(customer, type="case_opened", properties={"express": True})
    other = make_source(brand=make_brand(name="Other"))
    make_trigger(customer, properties={"express": True}, source=other)
    wanted = make_trigger(customer, properties={"express": True, "carrier": "DHL"})
    assert [invitation.touchpoint for invitation in plans()] == [wanted]


def test_a_retracted_trigger_cancels_its_invitation():
    make_campaign(delay_minutes=60)
    customer = make_asked_customer()
    trigger = make_trigger(customer, subject="case:V-1")
    assert [invitation.state for invitation in plans()] == ["planned"]
    make_touchpoint(customer, type=None, replaces=trigger.message_id, source=trigger.source)
    assert [(invitation.state, invitation.reason) for invitation in plans()] == [("cancelled", "trigger_retracted")]


def test_a_corrected_trigger_moves_its_invitation():
    make_campaign(delay_minutes=60)
    customer = make_asked_customer()
    trigger = make_trigger(customer)
    plans()
    later = trigger.occurred_at + timedelta(minutes=10)
    correction = make_trigger(customer, replaces=trigger.message_id, source=trigger.source, occurred_at=later)
    [invitation] = plans()
    assert (invitation.state, invitation.touchpoint) == ("planned", correction)
    assert invitation.due_at == later + timedelta(minutes=60)


def test_a_correction_of_what_was_asked_already_asks_nobody_again():
    make_campaign()
    customer = make_asked_customer()
    trigger = make_trigger(customer)
    plans()
    Invitation.objects.update(state="sent", sent_at=timezone.now())
    make_trigger(customer, replaces=trigger.message_id, source=trigger.source)
    assert [invitation.state for invitation in plans()] == ["sent"]


def test_it_plans_with_few_queries_for_many_triggers(django_assert_max_num_queries):
    make_campaign()
    for number in range(30):
        make_trigger(make_asked_customer(f"person{number}@example.org"))
    feed.run_follower("subjects")  # which it reads after
    with django_assert_max_num_queries(30):
        feed.run_follower("campaigns")
    assert Invitation.objects.count() == 30
