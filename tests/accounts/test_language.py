import pytest
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def language_of(client: Client, path: str = "/") -> str:
    return client.get(path).content.decode().partition('<html lang="')[2][:2]


def test_it_speaks_german_to_a_browser_that_wants_neither(client: Client) -> None:
    assert client.get("/login/", headers={"accept-language": "fr"})["Content-Language"] == "de"


def test_it_speaks_the_language_of_the_browser_before_signing_in(client: Client) -> None:
    assert client.get("/login/", headers={"accept-language": "en-GB"})["Content-Language"] == "en"


@pytest.mark.parametrize("language", ["de", "en"])
def test_it_speaks_the_language_of_the_account(client: Client, language: str) -> None:
    client.force_login(make_user(language=language))

    assert (
        client.get("/", headers={"accept-language": "en" if language == "de" else "de"})["Content-Language"] == language
    )
    assert language_of(client) == language


def test_it_switches_browser_and_account(client: Client) -> None:
    user = make_user(language="de")
    client.force_login(user)

    response = client.post("/language/", {"language": "en", "next": "/"})

    user.refresh_from_db()
    assert (response["Location"], user.language) == ("/", "en")
    assert language_of(client) == "en"
    client.logout()
    assert language_of(client, "/login/") == "de"
    client.post("/language/", {"language": "en", "next": "/login/"})
    assert language_of(client, "/login/") == "en"


def test_it_switches_by_post_and_to_known_languages_only(client: Client) -> None:
    user = make_user(language="de")
    client.force_login(user)

    client.post("/language/", {"language": "xx", "next": "/"})

    user.refresh_from_db()
    assert user.language == "de"
    assert client.get("/language/").status_code == 405


def test_it_never_leads_to_another_site(client: Client) -> None:
    assert client.post("/language/", {"language": "en", "next": "https://evil.example/"})["Location"] == "/"
