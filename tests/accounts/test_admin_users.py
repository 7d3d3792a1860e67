"""Users in the administration: roles by name, teams, and no way up for an administrator."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from accounts.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(headers={"accept-language": "de"})
    client.force_login(make_user(Role.ADMINISTRATOR))
    return client


def change(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def fields(user: User, **given: object) -> dict[str, object]:
    return {"username": user.username, "language": "de", "is_staff": "on", "is_active": "on"} | given


def test_it_gives_a_role_and_a_team(client: Client) -> None:
    user, team = make_user(), Team.objects.create(name="Service Nord")
    role = Group.objects.get(name=Role.SERVICE_AGENT)

    page = client.get(change(user)).content.decode()
    assert "service_agent" not in page
    client.post(change(user), fields(user, groups=[role.pk], teams=[team.pk]))

    assert list(user.groups.all()) == [role]
    assert list(user.teams.all()) == [team]
    client.post(change(user), fields(user))
    assert not user.groups.exists()
    assert not user.teams.exists()


def test_an_administrator_cannot_touch_a_superuser(client: Client) -> None:
    superuser = make_user(is_superuser=True)
    password = reverse("admin:auth_user_password_change", args=[superuser.pk])

    assert client.post(change(superuser), fields(superuser, username="mine")).status_code == 403
    assert client.get(password).status_code == 403
    assert client.post(reverse("admin:accounts_user_delete", args=[superuser.pk]), {"post": "yes"}).status_code == 403


def test_an_administrator_cannot_become_a_superuser(client: Client) -> None:
    administrator = User.objects.get(pk=client.session["_auth_user_id"])

    client.post(change(administrator), fields(administrator, is_superuser="on", user_permissions=["1"]))

    administrator.refresh_from_db()
    assert not administrator.is_superuser
    assert not administrator.user_permissions.exists()
