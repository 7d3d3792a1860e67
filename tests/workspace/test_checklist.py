import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Brand
from accounts.roles import Role
from journeys.models import Journey, JourneyVersion
from surveys.models import Campaign, Survey
from tests.factories import make_brand, make_source, make_type, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def first_user(client: Client) -> None:
    client.force_login(make_user(is_superuser=True))


def missing(client: Client) -> list[str]:
    return [step.title for step in client.get("/").context["missing"]]


def test_it_lists_everything_on_an_empty_system(client: Client, first_user: None) -> None:
    Brand.objects.all().delete()

    assert missing(client) == [
        "Say who speaks",
        "Let your colleagues in",
        "Connect a source",
        "Publish a journey",
        "Start asking",
    ]
    assert "5 steps, then it starts" in client.get("/").content.decode()


def test_it_leads_to_the_page_of_every_step(client: Client, first_user: None) -> None:
    for step in client.get("/").context["missing"]:
        assert client.get(step.url).status_code == 200, step.title


def test_it_strikes_out_what_is_there(client: Client, first_user: None) -> None:
    make_brand()
    make_source()

    assert missing(client) == ["Let your colleagues in", "Publish a journey", "Start asking"]


def test_it_is_not_content_with_half_a_brand(client: Client, first_user: None) -> None:
    make_brand(imprint_url="", name="Half", is_default=True)

    assert missing(client)[0] == "Say who speaks"


def test_it_disappears_when_everything_is_there(client: Client, first_user: None) -> None:
    brand = make_brand()
    make_source()
    make_user(Role.SERVICE_AGENT)
    now = timezone.now()
    journey = Journey.objects.create(key="purchase", label_de="Kauf")
    JourneyVersion.objects.create(journey=journey, state="published", published_at=now)
    survey = Survey.objects.create(key="review", label_de="Bewertung")
    Campaign.objects.create(
        key="review", label_de="Bewertung", brand=brand, survey=survey, purpose="review",
        trigger_type=make_type("order_delivered"), activated_at=now,
    )  # fmt: skip

    assert missing(client) == []
    assert 'id="set-up"' not in client.get("/").content.decode()


def test_it_bothers_nobody_who_could_not_do_it(client: Client) -> None:
    client.force_login(make_user(Role.SERVICE_AGENT))

    assert "missing" not in client.get("/").context
