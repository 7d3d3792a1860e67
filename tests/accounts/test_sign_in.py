import pytest
from django.test import Client
from pytest_django import Settings

from accounts import demo
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


def sign_in(client: Client, *, username: str, password: str = PASSWORD):
    return client.post("/login/", {"username": username, "password": password})


def test_it_signs_in_and_shows_the_start_page(client: Client) -> None:
    user = make_user(password=PASSWORD)

    response = client.post("/login/", {"username": user.username, "password": PASSWORD}, follow=True)

    assert response.redirect_chain == [("/", 302)]
    assert response.context["user"] == user


def test_it_asks_who_you_are_first(client: Client) -> None:
    assert client.get("/")["Location"] == "/login/?next=/"


def test_it_refuses_a_wrong_password_and_keeps_the_name(client: Client) -> None:
    user = make_user(password=PASSWORD)

    page = sign_in(client, username=user.username, password="wrong").content.decode()

    assert 'role="alert"' in page
    assert f'value="{user.username}"' in page


def test_it_locks_after_ten_wrong_passwords(client: Client) -> None:
    user = make_user(password=PASSWORD)
    for _attempt in range(10):
        response = sign_in(client, username=user.username, password="wrong")

    assert response.status_code == 429
    assert "registration/locked.html" in [template.name for template in response.templates]
    assert sign_in(client, username=user.username).status_code == 429


def test_it_signs_out_by_post_only(client: Client) -> None:
    client.force_login(make_user())

    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_it_shows_the_demo_logins_only_in_a_demo(client: Client, settings: Settings) -> None:
    assert demo.PASSWORD not in _visible(client)

    settings.IS_DEMO = True

    page = _visible(client)
    assert demo.PASSWORD in page
    assert all(name in page for name in demo.LOGINS)


def _visible(client: Client) -> str:
    return client.get("/login/").content.decode().partition("<main")[2].replace("Kundenpfad</a>", "")
