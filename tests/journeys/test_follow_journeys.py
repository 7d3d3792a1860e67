from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from customers.actions import merge_customers, undo_merge
from journeys.actions import end_inactive_runs
from journeys.models import Journey, Passage, Run
from journeys.tasks import match_versions
from tests.factories import NOW, make_customer
from touchpoints.actions import record_touchpoint
from touchpoints.feed import catch_up
from touchpoints.models import FollowerPosition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seeds():
    call_command("seed_vocabulary")
    call_command("seed_journeys")


@pytest.fixture
def anna():
    return make_customer()


def happen(customer, type, *, days=0.0, subject="", message_id="", **fields):
    return record_touchpoint(
        source="kundenpfad",
        message_id=message_id or f"{customer.pk} {type} {days} {subject}",
        type=type,
        customer=customer,
        occurred_at=timezone.now() - timedelta(days=20) + timedelta(days=days),
        subject=subject,
        **fields,
    )


def order(customer, key="order:1", day=0.0):
    happen(customer, "product_viewed", days=day)
    happen(customer, "order_placed", days=day + 1, subject=key)
    happen(customer, "order_shipped", days=day + 2, subject=key)
    happen(customer, "order_delivered", days=day + 3, subject=key)


def passages():
    rows = Passage.objects.order_by("run__customer", "run__version__journey__key", "run__subject", "ordinal")
    return list(rows.values_list("run__customer_id", "run__subject", "stage__key", "entered_at", "left_at"))


def stage_keys(customer, subject="order:1"):
    runs = Run.objects.live().filter(customer=customer, subject=subject)
    return list(runs.order_by("ordinal").values_list("passages__stage__key", flat=True).order_by("passages__ordinal"))


def test_it_walks_an_order_from_the_first_look_to_the_delivery(anna):
    order(anna)
    catch_up()

    assert stage_keys(anna) == ["compare", "order", "delivery", "use"]
    run = Run.objects.get(customer=anna, version__journey__key="online-purchase")
    assert run.current_stage.key == "use"


def test_late_touchpoints_give_the_same_as_if_they_had_come_in_time(anna):
    bert = make_customer()
    order(anna)
    catch_up()
    for type, days in (("order_delivered", 3), ("order_placed", 1), ("order_shipped", 2)):
        happen(bert, type, days=days, subject="order:2")
        catch_up()
    happen(bert, "product_viewed")
    catch_up()

    assert stage_keys(bert, "order:2") == stage_keys(anna)


def test_a_correction_takes_the_stage_back(anna):
    order(anna)
    happen(anna, "order_delivered", message_id="wrong", days=4, subject="order:2")
    catch_up()
    assert stage_keys(anna, "order:2") == ["use"]

    happen(anna, "tracking_viewed", message_id="right", days=4, subject="order:2", replaces="wrong")
    catch_up()
    assert stage_keys(anna, "order:2") == []


def test_merged_customers_walk_one_way_and_part_again_when_unmerged(anna):
    anonymous = make_customer(given_name="", family_name="", is_known=False)
    happen(anonymous, "ad_clicked")
    happen(anna, "order_placed", days=1, subject="order:1")
    catch_up()
    before = passages()

    merge = merge_customers(kept=anna, merged=anonymous, reason="same login")
    catch_up()
    anna.refresh_from_db()
    assert stage_keys(anna.canonical) == ["discover", "order"]

    undo_merge(merge=merge)
    catch_up()
    assert passages() == before


def test_following_again_from_the_start_changes_nothing(anna):
    order(anna)
    catch_up()
    before = passages()

    FollowerPosition.objects.filter(name="journeys").update(touchpoint_id=0)
    catch_up()

    assert before
    assert passages() == before


def test_publishing_matches_everyone_in_the_background(anna):
    order(anna)
    catch_up()
    before = passages()
    version = Journey.objects.get(key="online-purchase").versions.get()
    Run.objects.all().delete()
    version.matched_until_id = 0
    version.save()

    match_versions()

    version.refresh_from_db()
    assert version.matched_until_id is None
    assert passages() == before


def test_a_case_goes_its_own_way(anna):
    happen(anna, "call_inbound")
    happen(anna, "case_opened", days=0.1, subject="case:V-1")
    happen(anna, "technician_visited", days=2, subject="case:V-1")
    happen(anna, "case_resolved", days=3, subject="case:V-1")
    catch_up()

    assert stage_keys(anna, "case:V-1") == ["contact", "case", "visit", "solved"]


def test_time_ends_a_run_in_which_nothing_happens(anna):
    order(anna)
    catch_up()

    assert end_inactive_runs(now=NOW) == 0
    assert end_inactive_runs(now=timezone.now() + timedelta(days=91)) == 1
    run = Run.objects.get(customer=anna)
    assert (run.end_reason, run.current_stage) == ("inactivity", None)
    assert run.ended_at == run.last_at + timedelta(days=90)
    assert run.passages.get(stage__key="use").left_at == run.ended_at
