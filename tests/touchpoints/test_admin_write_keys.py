"""Write keys are made for a source, and tie what they write to it."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.api.authentication import find_api_key
from accounts.models import ApiKey
from tests.factories import make_source, make_user
from touchpoints.models import WriteKey

pytestmark = pytest.mark.django_db
ADD = "admin:touchpoints_writekey_add"


@pytest.fixture
def client() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(is_superuser=True))
    return client


def test_it_makes_a_key_that_writes_for_this_source(client: Client) -> None:
    source = make_source()
    page = client.get(reverse("admin:touchpoints_source_change", args=[source.pk])).content.decode()
    assert f"{reverse(ADD)}?source={source.pk}" in page

    answer = client.post(reverse(ADD), {"source": source.pk, "name": "Shop", "expires_at_0": "", "expires_at_1": ""})

    key = re.search(r"<code[^>]*>(kp_\w+)</code>", answer.content.decode())[1]
    api_key = find_api_key(key, among=ApiKey.objects.all())
    assert api_key is not None
    assert api_key.scopes == ["touchpoints:write"]
    assert api_key.write_key.source == source


def test_it_makes_none_for_a_source_that_takes_no_keys(client: Client) -> None:
    source = make_source(kind="staff")
    page = client.get(reverse("admin:touchpoints_source_change", args=[source.pk])).content.decode()
    assert f"{reverse(ADD)}?source={source.pk}" not in page

    client.post(reverse(ADD), {"source": source.pk, "name": "Shop", "expires_at_0": "", "expires_at_1": ""})

    assert not WriteKey.objects.exists()


@pytest.mark.parametrize(("kind", "named"), [("server", "segment.analytics"), ("browser", "AnalyticsBrowser.load")])
def test_it_shows_what_to_write_into_the_shop(client: Client, settings: Any, kind: str, named: str) -> None:
    settings.SITE_URL = "https://pfad.example"
    source = make_source(kind=kind)

    answer = client.post(reverse(ADD), {"source": source.pk, "name": "Shop", "expires_at_0": "", "expires_at_1": ""})

    page = html.unescape(answer.content.decode())
    key = re.search(r"<code[^>]*>(kp_\w+)</code>", page)[1]
    assert named in page
    assert page.count("<details>") == (3 if kind == "browser" else 4)
    assert page.count(key) >= 4
    assert "https://pfad.example" in page
    assert "WRITE_KEY" not in page
