"""What people see when something goes wrong: what happened, and what to do next."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from tests.pages.checks import policy_troubles

pytestmark = pytest.mark.django_db


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def unreadable(request: HttpRequest) -> HttpResponse:
    raise BadRequest


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("400/", unreadable),
    path("403/", forbidden),
    path("500/", broken),
    path("", include("config.urls")),
]


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False, headers={"accept-language": "en"})


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (400, "We could not read this request"),
        (403, "You may not see this page"),
        (404, "This page does not exist"),
        (500, "Something went wrong on our side"),
    ],
)
def test_it_says_what_happened_and_leads_back(client: Client, status: int, says: str) -> None:
    response = client.get(f"/{status}/")

    assert response.status_code == status
    page = response.content.decode()
    assert f"<h1>{says}</h1>" in page
    assert '<a class="button primary" href="/">To the start page</a>' in page
    assert policy_troubles(response["Content-Security-Policy"]) == []


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_it_says_it_in_german(client: Client, status: int) -> None:
    response = client.get(f"/{status}/", headers={"accept-language": "de"})

    assert '<html lang="de">' in response.content.decode()


def test_it_explains_a_form_without_its_token() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    response = client.post("/login/", {"username": "anna", "password": "secret"})

    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()
