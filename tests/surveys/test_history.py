"""Two years of orders arrive while a campaign runs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Customer
from surveys.models import Invitation
from tests.factories import make_source
from tests.surveys.factories import make_asked_customer, make_campaign
from tests.touchpoints.importing import ORDERS, ORDERS_HEADER, Import
from touchpoints.actions import reset_follower, seed_vocabulary
from touchpoints.feed import catch_up
from touchpoints.models import FollowerPosition, Touchpoint

pytestmark = pytest.mark.django_db
DAYS = 730


def test_an_import_of_two_years_invites_only_for_fresh_orders_and_a_reset_for_none(tmp_path):
    customer = make_asked_customer()
    seed_vocabulary()
    customer.identities.create(kind="user_id", value="K-1")
    make_source(key="orders", kind="import")
    campaign = make_campaign(trigger="order_placed", delay_minutes=7 * 24 * 60, quiet_days=0)
    campaign.activated_at = timezone.now() - timedelta(days=900)
    campaign.save()
    now = timezone.now()
    rows = "".join(
        f"{number},K-1,{now - timedelta(days=number, hours=1):%Y-%m-%dT%H:%M:%S},A,Kanne,1,10\n"
        for number in range(DAYS)
    )

    Import(tmp_path)(ORDERS_HEADER + rows, ORDERS)
    catch_up()

    assert Touchpoint.objects.filter(type__key="order_placed").count() == DAYS
    assert Customer.objects.filter(identities__value="K-1").get() == customer
    # Delay plus fourteen days: what is older would surprise by coming late.
    fresh = sorted(Invitation.objects.values_list("subject", flat=True))
    assert fresh == sorted(f"order:{number}" for number in range(21))
    for _ in range(2):
        for position in FollowerPosition.objects.all():
            reset_follower(position=position)
        catch_up()
    assert sorted(Invitation.objects.values_list("subject", flat=True)) == fresh
