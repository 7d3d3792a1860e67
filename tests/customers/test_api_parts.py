"""Identities, merges, tags and notes over REST."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Scope, User
from customers.actions import add_identity
from customers.identity import identifier
from customers.models import Customer, Identity, Merge, Note, Tag
from tests.factories import make_consent, make_customer, make_user
from tests.problems import assert_problem
from tests.reading import Reader

pytestmark = pytest.mark.django_db
SCOPES = (Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)


@pytest.fixture
def api() -> Reader:
    return Reader(*SCOPES)


@pytest.fixture
def anna() -> Customer:
    return make_customer(email="anna@example.org")


def staff(*codenames: str) -> tuple[User, Client]:
    user, client = make_user(), Client()
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return user, client


def test_an_identity_is_added_in_its_one_spelling(api: Reader) -> None:
    nobody = make_customer(given_name="", family_name="", is_known=False)
    answer = api.send("post", "identities/", {"customer": nobody.pk, "kind": "email", "value": " Eva@Example.ORG "})

    assert answer.status_code == 201
    assert (answer.json()["value"], answer.json()["is_by_hand"]) == ("eva@example.org", True)
    assert Customer.objects.get(pk=nobody.pk).is_known


def test_an_identity_known_already_is_answered_with_whose_it_is(api: Reader, anna: Customer) -> None:
    body = {"customer": make_customer().pk, "kind": "email", "value": "ANNA@example.org"}
    told = assert_problem(api.send("post", "identities/", body), 409, "identity_known")

    assert told["customer"] == anna.pk
    assert Identity.objects.get().customer == anna


def test_what_was_given_by_hand_is_removed(api: Reader, anna: Customer) -> None:
    identity = add_identity(customer=anna, known_as=identifier("phone", "+49 30 1234567"))
    path = f"identities/{identity.pk}/"
    assert_problem(api.send("delete", path), 428, "if_match_missing")

    assert api.send("delete", path, if_match=api.etag(path)).status_code == 204
    assert_problem(api.get(path), 404, "not_found")


def test_what_a_touchpoint_came_with_or_a_consent_rests_on_stays(api: Reader, anna: Customer) -> None:
    named = Identity.objects.get()
    assert_problem(api.send("delete", f"identities/{named.pk}/", if_match="*"), 409, "in_use")

    proof = add_identity(customer=anna, known_as=identifier("email", "a@example.org"))
    make_consent(anna, address="a@example.org")
    assert_problem(api.send("delete", f"identities/{proof.pk}/", if_match="*"), 409, "in_use")
    assert Identity.objects.count() == 2


def test_two_records_are_merged_and_parted(api: Reader, anna: Customer) -> None:
    other = make_customer()
    body = {"kept": anna.pk, "merged": other.pk, "reason": "same card"}
    merge = api.send("post", "merges/", body)
    assert merge.status_code == 201
    assert api.get(f"customers/{other.pk}/").json()["canonical"] == anna.pk
    assert_problem(api.send("post", "merges/", body), 409, "one_person")

    path = f"merges/{merge.json()['id']}/"
    assert api.send("delete", path, if_match=merge["ETag"]).status_code == 204
    assert api.get(f"customers/{other.pk}/").json()["canonical"] == other.pk
    assert api.get(path).json()["undone_at"]
    assert_problem(api.send("delete", path, if_match=merge["ETag"]), 412, "changed_since")
    assert_problem(api.send("delete", path, if_match="*"), 409, "undone")
    assert api.ids("merges/", is_undone=True, customer=anna.pk) == {merge.json()["id"]}


def test_a_merge_says_who_made_it(anna: Customer) -> None:
    user, client = staff("view_merge", "add_merge", "change_merge")
    body = {"kept": anna.pk, "merged": make_customer().pk, "reason": "same card"}
    merge = client.post("/api/v1/merges/", body, content_type="application/json").json()
    assert merge["created_by"] == user.pk

    client.delete(f"/api/v1/merges/{merge['id']}/", headers={"If-Match": "*"})
    assert Merge.objects.get().undone_by == user


@pytest.mark.parametrize(
    "given", [{}, {"kept": 0, "merged": 0, "reason": "x"}, {"kept": "a", "merged": [], "reason": ""}]
)
def test_a_merge_of_nobody_is_refused(api: Reader, given: dict[str, object]) -> None:
    assert {"kept", "merged"} <= set(assert_problem(api.send("post", "merges/", given), 400, "invalid")["errors"])


def test_a_record_is_not_merged_with_itself(api: Reader, anna: Customer) -> None:
    body = {"kept": anna.pk, "merged": anna.pk, "reason": "x"}
    assert set(assert_problem(api.send("post", "merges/", body), 400, "invalid")["errors"]) == {"merged"}


def test_tags_are_kept_by_their_key(api: Reader) -> None:
    made = api.send("post", "tags/", {"key": "regular", "name": "Stammkunde", "colour": "green"})
    assert made.status_code == 201
    assert made["Location"].endswith("/tags/regular/")
    changed = api.send("patch", "tags/regular/", {"name": "Stammkundin"}, if_match=made["ETag"])
    assert changed.json()["name"] == "Stammkundin"

    assert_problem(api.send("delete", "tags/regular/", if_match=made["ETag"]), 412, "changed_since")
    assert api.send("delete", "tags/regular/", if_match=changed["ETag"]).status_code == 204
    assert not Tag.objects.exists()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"name": "STRAUSS", "key": "new"}, "non_field_errors"),
        ({"name": "New", "key": "first"}, "key"),
        ({"name": "New", "key": "not a key"}, "key"),
        ({"name": "New", "key": "new", "colour": "pink"}, "colour"),
        ({"name": "", "key": "new"}, "name"),
    ],
)
def test_it_refuses_a_tag_that_is_there_or_makes_no_sense(api: Reader, given: dict[str, str], wrong: str) -> None:
    Tag.objects.create(key="first", name="Strauß")
    errors = assert_problem(api.send("post", "tags/", given), 400, "invalid")["errors"]
    assert set(errors) == {wrong}
    assert Tag.objects.count() == 1


def test_the_key_of_a_tag_stays(api: Reader) -> None:
    Tag.objects.create(key="first", name="First")
    answer = api.send("patch", "tags/first/", {"key": "second"}, if_match="*")
    assert set(assert_problem(answer, 400, "invalid")["errors"]) == {"key"}


def test_a_key_writes_changes_and_deletes_its_notes(api: Reader, anna: Customer) -> None:
    note = api.send("post", "notes/", {"customer": anna.pk, "text": "Calls\nin the morning"})
    assert (note.status_code, note.json()["api_key"], note.json()["author"]) == (201, "Reader", None)
    path = f"notes/{note.json()['id']}/"
    edited = api.send("patch", path, {"text": "Calls in the evening"}, if_match=note["ETag"])
    assert (edited.json()["text"], edited.json()["edited_at"] is None) == ("Calls in the evening", False)

    other = Reader(*SCOPES)
    for method in ("patch", "delete"):
        assert_problem(other.send(method, path, {"text": "Other"}, if_match="*"), 403, "permission_denied")
    assert api.send("delete", path, if_match=edited["ETag"]).status_code == 204
    assert not Note.objects.exists()


def test_staff_changes_only_notes_of_their_own(api: Reader, anna: Customer) -> None:
    user, client = staff("view_note", "add_note", "change_note", "delete_note")
    body = {"customer": anna.pk, "text": "Calls in the morning"}
    mine = client.post("/api/v1/notes/", body, content_type="application/json").json()
    foreign = api.send("post", "notes/", body).json()
    assert mine["author"] == user.pk

    def patch(pk: int) -> int:
        path, headers = f"/api/v1/notes/{pk}/", {"If-Match": "*"}
        return client.patch(path, {"text": "New"}, content_type="application/json", headers=headers).status_code

    assert (patch(mine["id"]), patch(foreign["id"])) == (200, 403)
    assert_problem(api.send("delete", f"notes/{mine['id']}/", if_match="*"), 403, "permission_denied")
    assert api.ids("notes/", author=user.pk) == {mine["id"]}


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001, None])
def test_a_note_of_nothing_or_too_much_is_refused(api: Reader, anna: Customer, text: str | None) -> None:
    answer = api.send("post", "notes/", {"customer": anna.pk, "text": text})
    assert set(assert_problem(answer, 400, "invalid")["errors"]) == {"text"}


def test_a_note_stays_with_its_customer(api: Reader, anna: Customer) -> None:
    note = api.send("post", "notes/", {"customer": anna.pk, "text": "A"}).json()
    answer = api.send("patch", f"notes/{note['id']}/", {"customer": make_customer().pk}, if_match="*")
    assert set(assert_problem(answer, 400, "invalid")["errors"]) == {"customer"}


def test_writing_needs_both_scopes(anna: Customer) -> None:
    bodies = {
        "identities/": {"customer": anna.pk, "kind": "user_id", "value": "7"},
        "merges/": {"kept": anna.pk, "merged": make_customer().pk, "reason": "x"},
        "tags/": {"key": "a", "name": "A"},
        "notes/": {"customer": anna.pk, "text": "A"},
    }
    for path, body in bodies.items():
        assert_problem(Reader(Scope.CUSTOMERS_READ).send("post", path, body), 403, "permission_denied")
        assert_problem(Reader(Scope.CUSTOMERS_WRITE).send("post", path, body), 403, "permission_denied")


def test_staff_without_the_right_writes_nothing(anna: Customer) -> None:
    _user, client = staff("view_customer", "view_identity", "view_merge", "view_tag", "view_note")
    identity = Identity.objects.get()
    for path in ("identities/", "merges/", "tags/", "notes/"):
        answer = client.post(f"/api/v1/{path}", {}, content_type="application/json")
        assert_problem(answer, 403, "permission_denied")
    refused = client.delete(f"/api/v1/identities/{identity.pk}/", headers={"If-Match": "*"})
    assert_problem(refused, 403, "permission_denied")
