from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path
from django.utils import timezone
from pytest_django import Settings

from tests.factories import make_brand, make_user

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def clock(request: HttpRequest) -> HttpResponse:
    page = engines["django"].from_string("{{ moment|date:'j H:i' }}")
    return HttpResponse(page.render({"moment": NEW_YEAR}, request))


urlpatterns = [path("clock/", clock)]


@pytest.fixture(autouse=True)
def _setting(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.TIME_ZONE = "UTC"


def test_it_shows_times_of_the_brand(client: Client) -> None:
    make_brand(name="New York", time_zone="America/New_York", is_default=True)
    client.force_login(make_user())

    assert client.get("/clock/").content == b"31 19:00"
    assert timezone.get_current_timezone_name() == "UTC"


def test_it_shows_the_zone_of_the_installation_before_there_is_a_brand(client: Client) -> None:
    client.force_login(make_user())

    assert client.get("/clock/").content == b"1 00:00"
