from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db.models import Avg
from django.utils import timezone

from accounts import demo
from accounts.models import User
from customers.models import BulkChange, Customer, Identity, Note, Tag
from journeys.models import Run
from surveys.models import Answer, Invitation
from touchpoints.models import Case, Message, Subject, Touchpoint
from workspace.demo.happenings import DELAYED_MONTHS_AGO, Story
from workspace.demo.loading import CUSTOMERS_PER_STEP, Loader
from workspace.demo.people import People

UNTIL = datetime(2026, 6, 1, tzinfo=UTC)


def stories(count=900):
    people = People(seed=1, until=UNTIL)
    for number in range(1, count + 1):
        customer = people.customer(number)
        yield customer, Story(customer, draw=Random(number), until=UNTIL).happenings()


def test_the_same_seed_tells_the_same():
    people, again = People(seed=7, until=UNTIL), People(seed=7, until=UNTIL)
    for number in (1, 2, 99):
        customer = people.customer(number)
        assert customer == again.customer(number)
        first, second = (Story(customer, draw=Random(5), until=UNTIL).happenings() for _ in range(2))
        assert first == second


def test_another_seed_tells_of_others():
    assert People(seed=1, until=UNTIL).customer(3) != People(seed=2, until=UNTIL).customer(3)


def test_nothing_lies_in_the_future_and_all_is_in_order():
    for _customer, happenings in stories(300):
        moments = [it.at for it in happenings]
        assert moments == sorted(moments)
        assert not moments or moments[-1] <= UNTIL


def test_deliveries_are_late_in_one_month_only():
    late_from = UNTIL - timedelta(days=30.4 * DELAYED_MONTHS_AGO)
    days = {True: [], False: []}
    for _customer, happenings in stories():
        placed = {it.subject: it.at for it in happenings if it.type == "order_placed"}
        for it in happenings:
            if it.type == "order_delivered":
                moment = placed[it.subject]
                is_late = late_from <= moment < late_from + timedelta(days=30.4)
                days[is_late].append((it.at - moment).days)
    assert sum(days[True]) / len(days[True]) > 2 * sum(days[False]) / len(days[False])


def test_customers_of_the_marketplace_are_unhappy():
    stars = {True: [], False: []}
    for customer, happenings in stories():
        stars[customer.is_from_marketplace] += [it.scores["stars"] for it in happenings if "stars" in it.scores]
    assert sum(stars[True]) / len(stars[True]) < sum(stars[False]) / len(stars[False]) - 0.7


def test_the_spring_campaign_sells():
    def rate(of):
        return sum(any(it.type == "order_placed" for it in happenings) for happenings in of) / len(of)

    spring, others = [], []
    for customer, happenings in stories():
        if customer.is_known:
            (spring if customer.is_from_spring_campaign else others).append(happenings[:10])
    assert rate(spring) > 1.5 * rate(others)


@pytest.fixture
def demo_data(db):
    call_command("seed_demo", customers=80)


def test_it_fills_every_part(demo_data):
    assert set(User.objects.values_list("username", flat=True)) == set(demo.LOGINS)
    assert Subject.objects.orders().count() > 30
    assert Run.objects.filter(version__journey__key="online-purchase", current_stage__isnull=False).exists()
    assert Case.objects.exists()
    assert Tag.objects.count() == 3
    assert Customer.objects.filter(tags__key="regular", owner__isnull=False, notes__isnull=False).exists()
    assert 1 <= Answer.objects.filter(question__key="stars").aggregate(mean=Avg("score"))["mean"] <= 5
    assert Invitation.objects.filter(state="answered").count() == Answer.objects.values("response").distinct().count()


def test_only_what_is_fresh_asks(demo_data):
    planned = Invitation.objects.filter(state="planned")
    assert {invitation.subject.partition(":")[2][0] for invitation in planned} == {"F"}
    assert planned.filter(due_at__lte=timezone.now() + timedelta(minutes=5)).count() == planned.count() == 6
    assert not Message.objects.exists()


def test_running_it_again_adds_nothing(demo_data):
    def counts():
        return [model.objects.count() for model in (Touchpoint, Invitation, Case, Tag, Note, BulkChange)]

    before = counts()
    call_command("seed_demo", customers=80)
    assert counts() == before


def test_it_goes_on_where_it_was_killed(db):
    for command in ("seed_vocabulary", "seed_surveys"):
        call_command(command)
    now = timezone.now()
    Loader(People(seed=1, until=now), until=now).load(range(1, CUSTOMERS_PER_STEP + 1))

    call_command("seed_demo", customers=CUSTOMERS_PER_STEP + 20)

    numbers = Identity.objects.filter(value__startswith="demo-").values_list("value", flat=True)
    assert sorted(int(value.removeprefix("demo-")) for value in numbers) == list(range(1, CUSTOMERS_PER_STEP + 21))
