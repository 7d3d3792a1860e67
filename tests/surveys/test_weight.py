import re

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.utils import timezone

from surveys.models import Campaign
from tests.factories import make_brand
from tests.surveys.factories import link, make_invitation

pytestmark = pytest.mark.django_db
MOST_BYTES = 30_000


@pytest.mark.parametrize("campaign", ["review-after-delivery", "satisfaction-after-service"])
def test_the_first_load_of_a_ready_survey_is_light_even_uncompressed(client, campaign):
    make_brand()
    call_command("seed_vocabulary")
    call_command("seed_surveys")
    invitation = make_invitation(Campaign.objects.get(key=campaign), sent_at=timezone.now())
    page = client.get(link(invitation))
    assert page.status_code == 200
    weights = {"page": len(page.content)}
    for address in re.findall(r'<link[^>]+href="([^"]+)"', page.text):
        found = finders.find(address.removeprefix("/static/")) if address.startswith("/static/") else None
        if found:
            with open(found, "rb") as file:
                weights[address] = len(file.read())
        else:
            weights[address] = len(client.get(address).content)
    assert sum(weights.values()) <= MOST_BYTES, weights
    assert "<script" not in page.text
