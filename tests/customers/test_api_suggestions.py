"""Suggestions over REST: read, decided, taken back."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import Scope
from customers.actions import decide, merge_customers, undo_merge
from customers.models import Merge, MergeSuggestion
from customers.models.suggestion import Decision
from tests.customers.test_decide import make_suggestion
from tests.factories import make_customer, make_user
from tests.problems import assert_problem
from tests.reading import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Reader:
    return Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)


def path(suggestion: MergeSuggestion) -> str:
    return f"merge-suggestions/{suggestion.pk}/decision/"


def test_it_tells_what_two_records_have_in_common(api: Reader) -> None:
    suggestion = make_suggestion(reasons=["name", "phone"], score=0.8)
    (row,) = api.rows("merge-suggestions/")
    assert (row["one"], row["other"]) == (suggestion.one_id, suggestion.other_id)
    assert (row["score"], row["reasons"], row["state"]) == (0.8, ["name", "phone"], "open")


def test_it_filters(api: Reader) -> None:
    apart = decide(suggestion=make_suggestion(), decision=Decision.KEEP_APART)
    later = decide(suggestion=make_suggestion(), decision=Decision.LATER)
    waiting, weak = make_suggestion(score=0.9), make_suggestion(score=0.5)
    record = make_customer()
    merge_customers(kept=waiting.one, merged=record, reason="same card")
    assert api.ids("merge-suggestions/", state="kept_apart") == {apart.pk}
    assert api.ids("merge-suggestions/", is_waiting="true") == {waiting.pk, weak.pk}
    assert api.ids("merge-suggestions/", is_waiting="false") == {apart.pk, later.pk}
    assert api.ids("merge-suggestions/", score_from="0.8") == {waiting.pk}
    assert api.ids("merge-suggestions/", customer=record.pk) == {waiting.pk}
    assert_problem(api.get("merge-suggestions/", state="maybe"), 400, "invalid")


def test_two_are_merged_and_it_is_taken_back(api: Reader) -> None:
    suggestion = make_suggestion()
    answer = api.send("put", path(suggestion), {"decision": "merge", "kept": suggestion.other_id})
    assert (answer.status_code, answer.json()["state"]) == (200, "merged")
    merge = Merge.objects.standing().get()
    assert (merge.kept_id, answer.json()["merge"]) == (suggestion.other_id, merge.pk)

    answer = api.send("delete", path(suggestion))
    assert (answer.status_code, answer.json()["state"]) == (200, "open")
    assert not Merge.objects.standing().exists()
    assert api.send("delete", path(suggestion)).json() == answer.json()


@pytest.mark.parametrize(("decision", "state"), [("keep_apart", "kept_apart"), ("later", "later"), ("merge", "merged")])
def test_the_same_once_more_changes_nothing(api: Reader, decision: str, state: str) -> None:
    suggestion = make_suggestion()
    body = {"decision": decision, "kept": suggestion.one_id}
    first = api.send("put", path(suggestion), body)
    assert (first.status_code, first.json()["state"]) == (200, state)
    assert api.send("put", path(suggestion), body).json() == first.json()


def test_what_somebody_decided_otherwise_is_not_overruled(api: Reader) -> None:
    suggestion = decide(suggestion=make_suggestion(), decision=Decision.KEEP_APART, by=make_user())
    body = {"decision": "merge", "kept": suggestion.one_id}
    told = assert_problem(api.send("put", path(suggestion), body), 409, "already_decided")
    assert told["state"] == "kept_apart"
    assert not Merge.objects.exists()


def test_records_merged_otherwise_are_told(api: Reader) -> None:
    suggestion = make_suggestion()
    merge_customers(kept=suggestion.one, merged=suggestion.other, reason="same card")
    assert_problem(api.send("put", path(suggestion), {"decision": "keep_apart"}), 409, "one_person")


@pytest.mark.parametrize("decision", ["keep_apart", "later"])
def test_the_same_once_more_is_no_lie_about_two_merged_elsewhere(api: Reader, decision: str) -> None:
    suggestion = make_suggestion()
    assert api.send("put", path(suggestion), {"decision": decision}).json()["is_one_person"] is False
    merge_customers(kept=suggestion.one, merged=suggestion.other, reason="same card")
    assert_problem(api.send("put", path(suggestion), {"decision": decision}), 409, "one_person")
    assert api.send("delete", path(suggestion)).json()["is_one_person"] is True


def test_the_same_once_more_merges_what_was_parted_elsewhere(api: Reader) -> None:
    suggestion = make_suggestion()
    body = {"decision": "merge", "kept": suggestion.one_id}
    first = api.send("put", path(suggestion), body).json()
    undo_merge(merge=Merge.objects.get())
    (told,) = api.rows("merge-suggestions/")
    assert (told["state"], told["is_one_person"]) == ("merged", False)
    again = api.send("put", path(suggestion), body)
    assert (again.status_code, again.json()["is_one_person"]) == (200, True)
    assert Merge.objects.standing().get().pk == again.json()["merge"] != first["merge"]
    other_way = api.send("put", path(suggestion), body | {"kept": suggestion.other_id})
    assert_problem(other_way, 409, "already_decided")


def test_later_once_more_puts_it_off_again_when_it_is_due(api: Reader) -> None:
    suggestion = make_suggestion()
    api.send("put", path(suggestion), {"decision": "later"})
    MergeSuggestion.objects.update(ask_again_on=timezone.localdate())
    api.send("put", path(suggestion), {"decision": "later"})
    assert MergeSuggestion.objects.get().ask_again_on > timezone.localdate()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "decision"),
        ({"decision": "burn"}, "decision"),
        ({"decision": "merge"}, "kept"),
        ({"decision": "merge", "kept": 10**9}, "kept"),
        ({"decision": "merge", "kept": "x"}, "kept"),
        ({"decision": "merge", "kept": None}, "kept"),
    ],
)
def test_it_refuses_what_makes_no_sense(api: Reader, body: dict[str, object], field: str) -> None:
    told = assert_problem(api.send("put", path(make_suggestion()), body), 400, "invalid")
    assert list(told["errors"]) == [field]
    assert not Merge.objects.exists()


def test_only_who_may_decide_does() -> None:
    suggestion, body = make_suggestion(), {"decision": "later"}
    assert_problem(Reader(Scope.CUSTOMERS_READ).send("put", path(suggestion), body), 403, "permission_denied")
    assert_problem(Reader(Scope.CUSTOMERS_READ).send("delete", path(suggestion)), 403, "permission_denied")
    user, client = make_user(), Client()
    client.force_login(user)
    assert client.put(f"/api/v1/{path(suggestion)}", body, content_type="application/json").status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="change_mergesuggestion"))
    answer = client.put(f"/api/v1/{path(suggestion)}", body, content_type="application/json")
    assert answer.json()["decided_by"] == user.pk


def test_a_suggestion_that_is_not_there_is_not_found(api: Reader) -> None:
    assert_problem(api.send("put", "merge-suggestions/1/decision/", {"decision": "later"}), 404, "not_found")
