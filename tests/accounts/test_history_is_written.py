"""Whoever changes a row by whatever way: the database writes down who, what, before and after."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.acting import acting, acts
from accounts.actions import issue_api_key
from accounts.models import Change, Scope, Team, User
from accounts.roles import Role
from customers.actions import merge_customers, undo_merge
from customers.models import Customer, Identity
from tests.factories import make_brand, make_customer, make_user
from tests.touchpoints.ingesting import Sender, event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anna() -> Customer:
    return make_customer(city="Berlin")


@pytest.fixture
def admin() -> User:
    return make_user(is_superuser=True)


def last(row: Any) -> Change:
    change = Change.objects.about(row).first()
    assert change
    return change


def test_a_change_on_a_page_names_the_user(admin):
    client = Client()
    client.force_login(admin)
    team = Team.objects.create(name="Nord")
    answer = client.post(reverse("admin:accounts_team_change", args=[team.pk]), {"name": "Süd", "lead": admin.pk})
    assert answer.status_code == 302

    change = last(team)
    assert change.changes == {"name": ["Nord", "Süd"], "lead_id": [None, admin.pk]}
    assert (change.user, change.api_key, change.origin) == (admin, None, "page")
    assert (change.kind, change.model, change.row_pk) == ("UPDATE", "accounts.team", team.pk)


def test_what_a_key_brings_about_names_the_key():
    assert Sender.new().send(event(type="never_heard_of")).status_code == 200

    change = Change.objects.get(model="touchpoints.touchpointtype")
    assert change.origin == "api"
    assert change.api_key
    assert change.api_key.name == "Shop"
    assert change.changes["key"] == [None, "never_heard_of"]


def test_a_change_over_rest_names_the_key(anna):
    api_key, key = issue_api_key(name="CRM", scopes=[Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE])
    headers = {"authorization": f"Bearer {key}", "if-match": "*"}
    path = f"/api/v1/customers/{anna.pk}/"
    answer = Client().patch(path, {"city": "Rom"}, content_type="application/json", headers=headers)
    assert answer.status_code == 200, answer.content
    assert (last(anna).api_key, last(anna).changes["city"]) == (api_key, ["Berlin", "Rom"])


def test_people_who_come_with_the_stream_are_not_told_of_one_by_one():
    test_what_a_key_brings_about_names_the_key()
    assert Customer.objects.exists()
    assert not Change.objects.filter(model__in=["customers.customer", "customers.identity"]).exists()


def test_a_bulk_update_tells_of_every_row(admin):
    people = [make_customer(city="Berlin") for _ in range(3)]
    with acting(user=admin.pk, origin="page"):
        Customer.objects.filter(city="Berlin").update(city="Bonn")
    changes = [last(person) for person in people]
    assert [change.changes for change in changes] == [{"city": ["Berlin", "Bonn"]}] * 3
    assert len({change.context for change in changes}) == 1
    assert {change.user for change in changes} == {admin}


def test_a_change_by_sql_names_the_database_role(anna):
    with connection.cursor() as cursor:
        cursor.execute("select session_user")
        (role,) = cursor.fetchone()
        cursor.execute("update customers_customer set city = 'Ulm'")
        cursor.execute("delete from customers_customer")
    removed, changed = Change.objects.about(anna)[:2]
    assert changed.changes == {"city": ["Berlin", "Ulm"]}
    assert (changed.user, changed.origin) == (None, f"sql {role}")
    assert removed.kind == "DELETE"
    assert removed.changes["city"] == ["Ulm", None]


def test_a_merge_and_its_undoing_stand_with_both(anna, admin):
    other = make_customer()
    with acting(user=admin.pk):
        merge = merge_customers(kept=anna, merged=other, reason="same card")
    assert last(anna) == last(other)
    assert (last(anna).kind, last(anna).user) == ("INSERT", admin)
    undo_merge(merge=merge)
    assert last(anna) == last(other)
    assert list(last(anna).changes) == ["undone_at"]


def test_an_identity_stands_with_its_customer(anna):
    identity = Identity.objects.create(customer=anna, kind="email", value="anna@example.org")
    assert last(anna).changes["value"] == [None, "anna@example.org"]
    identity.delete()
    assert last(anna).kind == "DELETE"


def test_roles_stand_with_the_user(admin):
    admin.groups.add(Group.objects.get_or_create(name=Role.ANALYST.value)[0])
    assert last(admin).model == "accounts.userrole"


def test_a_task_names_itself(anna):
    from config.celery import app

    @app.task
    def move_away() -> None:
        Customer.objects.update(city="Kiel")

    move_away()
    assert last(anna).origin == f"task {move_away.name}"


def test_secrets_and_noise_are_not_kept(admin):
    count = Change.objects.count()
    User.objects.update(last_login="2026-03-02T10:00:00Z")
    assert Change.objects.count() == count
    admin.set_password("a new one")
    admin.save()
    assert last(admin).changes == {"password": []}


@pytest.mark.parametrize("verb", ["update accounts_change set origin = 'x'", "delete from accounts_change"])
def test_the_history_is_append_only(anna, verb):
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(verb)


def test_values_cannot_be_replaced_but_only_blanked(anna):
    Customer.objects.update(city="Bonn")
    for changes in ('{"city": ["Berlin", "Rom"]}', "{}", '{"city": [], "street": []}'):
        with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
            cursor.execute("update accounts_change set changes = %s where kind = 'UPDATE'", [changes])


def test_nobody_acts_after_a_request(anna, admin):
    with acting(user=admin.pk), transaction.atomic():
        Customer.objects.update(city="Bonn")
    Customer.objects.update(city="Ulm")
    assert last(anna).user is None
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('kundenpfad.acting', true)")
        assert cursor.fetchone()[0] in (None, "")


def test_nobody_acts_after_a_request_within_a_longer_transaction(anna, admin):
    with transaction.atomic():
        with acting(user=admin.pk):
            Customer.objects.update(city="Bonn")
        Customer.objects.update(city="Ulm")
    assert last(anna).user is None


def test_what_is_said_holds_after_a_savepoint_is_rolled_back(anna, admin):
    with transaction.atomic(), acting(user=admin.pk):
        with transaction.atomic():
            with acting(origin="inner"):
                Customer.objects.update(city="Bonn")
            transaction.set_rollback(True)
        Customer.objects.update(city="Ulm")
    assert (last(anna).user, last(anna).changes) == (admin, {"city": ["Berlin", "Ulm"]})


def test_who_acts_within_another_adds_to_it_and_takes_it_back(anna, admin):
    with acting(origin="page"), transaction.atomic():
        acts(user=admin.pk)
        with acting(origin="import"):
            Customer.objects.update(city="Bonn")
        inner = last(anna)
        Customer.objects.update(city="Ulm")
    assert (inner.user, inner.origin) == (admin, "import")
    assert (last(anna).user, last(anna).origin, last(anna).context) == (admin, "page", inner.context)


def test_two_threads_act_for_themselves(admin):
    people = [make_customer(), make_customer()]
    both = threading.Barrier(2)

    def move(person: Customer, user: User) -> None:
        with acting(user=user.pk), transaction.atomic():
            both.wait(20)
            Customer.objects.filter(pk=person.pk).update(city="Bonn")
            both.wait(20)
            Customer.objects.filter(pk=person.pk).update(city="Ulm")
        connection.close()

    users = [admin, make_user()]
    threads = [threading.Thread(target=move, args=it) for it in zip(people, users, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for person, user in zip(people, users, strict=True):
        assert [change.user for change in Change.objects.about(person)[:2]] == [user, user]


def test_commands_name_themselves_by_manage(tmp_path):
    make_brand()
    with acting(origin="command seed_vocabulary"):
        call_command("seed_vocabulary")
    assert Change.objects.filter(model="touchpoints.channel", origin="command seed_vocabulary").exists()
