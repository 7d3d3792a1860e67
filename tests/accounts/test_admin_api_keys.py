"""An API key in the administration: shown once, revoked for ever, never deleted."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import issue_api_key
from accounts.api.authentication import find_api_key
from accounts.models import ApiKey, Scope
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ADD = "admin:accounts_apikey_add"


@pytest.fixture
def client() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(is_superuser=True))
    return client


def fields(**given: object) -> dict[str, object]:
    return {"name": "Shop", "scopes": ["kpis:read"], "expires_at_0": "", "expires_at_1": ""} | given


def test_it_shows_a_new_key_once_and_keeps_no_copy(client: Client) -> None:
    answer = client.post(reverse(ADD), fields())

    assert answer.status_code == 200
    key = re.search(r"<code[^>]*>(kp_\w+)</code>", answer.content.decode())[1]
    api_key = find_api_key(key, among=ApiKey.objects.all())
    assert api_key is not None
    assert (api_key.name, api_key.scopes) == ("Shop", ["kpis:read"])
    assert api_key.created_by is not None
    assert "no-store" in answer["Cache-Control"]
    again = client.get(reverse("admin:accounts_apikey_change", args=[api_key.pk]))
    assert key not in again.content.decode()
    assert key not in str(client.session.items())


def test_it_refuses_a_key_without_any_right(client: Client) -> None:
    answer = client.post(reverse(ADD), fields(scopes=[]))

    assert answer.context["adminform"].errors["scopes"]
    assert not ApiKey.objects.exists()


def test_it_leaves_writing_to_the_keys_of_sources(client: Client) -> None:
    answer = client.post(reverse(ADD), fields(scopes=["touchpoints:write"]))

    assert answer.context["adminform"].errors["scopes"]


def test_it_keeps_the_right_to_write_when_a_write_key_is_renamed(client: Client) -> None:
    api_key, _key = issue_api_key(name="Shop", scopes=[Scope.TOUCHPOINTS_WRITE])

    client.post(
        reverse("admin:accounts_apikey_change", args=[api_key.pk]), fields(name="Till", scopes=["touchpoints:write"])
    )

    api_key.refresh_from_db()
    assert (api_key.name, api_key.scopes) == ("Till", ["touchpoints:write"])


def test_it_asks_before_revoking_and_then_refuses_the_key(client: Client) -> None:
    api_key, key = issue_api_key(name="Shop", scopes=[Scope.KPIS_READ])
    url = reverse("admin:accounts_apikey_revocation", args=[api_key.pk])

    assert b"cannot be undone" in client.get(url).content
    assert find_api_key(key, among=ApiKey.objects.all()) is not None

    client.post(url)
    assert find_api_key(key, among=ApiKey.objects.all()) is None
    assert client.post(url).status_code == 403
