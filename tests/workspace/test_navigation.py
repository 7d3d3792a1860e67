from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "mailbox"


def labels(client: Client, path: str = "/") -> list[str]:
    return [link.label for link in client.get(path).context["navigation"]()]


@pytest.mark.parametrize("role", [*Role, None])
def test_it_has_at_most_seven_entries(client: Client, folder: Path, role: Role | None) -> None:
    folder.mkdir()
    client.force_login(make_user(role) if role else make_user(is_superuser=True))

    assert "Start" in labels(client)
    assert len(labels(client)) <= 7


def test_it_shows_nobody_what_they_may_not_see(client: Client) -> None:
    client.force_login(make_user())

    assert "Customers" not in labels(client)
    client.force_login(make_user(Role.SERVICE_AGENT))
    assert "Customers" in labels(client)


def test_it_marks_where_we_are(client: Client) -> None:
    client.force_login(make_user(Role.SERVICE_AGENT))

    for path, label in [("/", "Start"), ("/customers/", "Customers"), ("/cases/", "Cases")]:
        page = client.get(path)
        assert [link.label for link in page.context["navigation"]() if link.is_current] == [label]
        assert 'aria-current="page"' in page.content.decode()


def test_it_leads_to_the_mailbox_only_where_mails_stay_here(client: Client, folder: Path) -> None:
    client.force_login(make_user(Role.SERVICE_AGENT))
    assert "Mailbox" not in labels(client)

    folder.mkdir()

    assert "Mailbox" in labels(client)
