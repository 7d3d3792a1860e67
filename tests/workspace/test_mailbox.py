from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.roles import Role
from tests.factories import make_user
from workspace.mailbox import Mailbox

pytestmark = pytest.mark.django_db
HTML = (
    "<html><head><title>x</title></head><body><a href='http://127.0.0.1/s/abc/'>5</a><script>alert(1)</script></body>"
)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "mailbox"


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(make_user(Role.SERVICE_AGENT))
    return client


def drop(folder: Path, *, subject: str = "Wie war Ihre Lieferung?") -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "service@shop.example", "anna@kunde.example"
    message.set_content("Guten Tag http://127.0.0.1/s/abc/")
    message.add_alternative(HTML, subtype="html")
    Mailbox(folder)._write(message.as_bytes())


def test_it_lists_the_newest_mail_first(agent: Client, folder: Path) -> None:
    drop(folder, subject="Erste")
    drop(folder, subject="Zweite")

    page = agent.get("/mailbox/").content.decode()

    assert page.index("Zweite") < page.index("Erste")
    assert "anna@kunde.example" in page


def test_it_says_what_will_stand_here_while_it_is_empty(agent: Client) -> None:
    assert "No mail yet" in agent.get("/mailbox/").content.decode()


def test_it_shows_a_mail_with_links_that_open_beside_it(agent: Client, folder: Path) -> None:
    drop(folder)
    (letter,) = agent.get("/mailbox/").context["letters"]

    page = agent.get(f"/mailbox/{letter.name}/")
    html = agent.get(f"/mailbox/{letter.name}/html/")

    assert "Guten Tag" in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert '<head><base target="_blank">' in html.content.decode()


def test_it_lets_nothing_in_a_mail_run(agent: Client, folder: Path) -> None:
    drop(folder)
    (letter,) = agent.get("/mailbox/").context["letters"]

    policy = agent.get(f"/mailbox/{letter.name}/html/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-popups" in policy


@pytest.mark.parametrize("name", ["2026-11-21_20-00-00_001", "settings", "x"])
def test_it_shows_no_other_file(agent: Client, folder: Path, name: str) -> None:
    folder.mkdir()
    (folder / "settings.eml").write_text("Subject: secret\n\nsecret")

    assert agent.get(f"/mailbox/{name}/").status_code == 404
    assert agent.get(f"/mailbox/{name}/html/").status_code == 404


def test_it_is_for_those_who_may_see_messages(client: Client, folder: Path) -> None:
    assert client.get("/mailbox/").status_code == 302
    client.force_login(make_user(Role.ANALYST))
    assert client.get("/mailbox/").status_code == 403
