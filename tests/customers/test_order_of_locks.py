"""While others hold a person, no verb holds anything that stands later in the order of locks (docs/adr/0007).

One connection keeps the oldest record of a person; the verb runs beside it until it waits. By then everything but that
record must be free: whoever waits for people holds nothing that those who hold people may need.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey, Scope
from accounts.roles import Role
from customers import actions
from customers.actions.erasing import finish_erasure
from customers.actions.preferring import choose_language
from customers.actions.retaining import forget_anonymous
from customers.actions.suppressing import note_complaint
from customers.models import Consent, ConsentRequest, Customer, Identity, MergeSuggestion, Note, Tag
from customers.models.suggestion import Decision
from customers.preferences import Holder
from customers.wording import stored, text_for
from tests.customers.editing import Editor
from tests.factories import make_brand, make_consent, make_customer, make_user
from tests.reading import Reader
from touchpoints.actions.forgetting import forget_unconfirmed

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 30.0
NOTHING_DONE = (0, False, None, *range(400, 600))
WAITING = "select count(*) from unnest(%s::int[]) pid where cardinality(pg_blocking_pids(pid)) > 0"
LATER_IN_THE_ORDER = (
    "customers_customer", "customers_customer_tags", "customers_tag", "customers_identity", "customers_merge",
    "customers_note", "customers_consent", "customers_consentrequest", "customers_pause", "customers_bulkchange",
    "customers_suppression", "customers_membership",
)  # fmt: skip


class Scene:
    """`oldest` stands for `merged` as well; about both and about a `stranger` there is something of every kind."""

    def __init__(self) -> None:
        self.api = Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
        self.staff = Client(headers={"accept-language": "en"})
        self.staff.force_login(make_user(Role.CUSTOMER_SUCCESS, is_superuser=True))
        self.owner, self.brand = make_user(), make_brand()
        self.tag = Tag.objects.create(key=f"tag{self.owner.pk}", name=f"Tag {self.owner.pk}")
        self.oldest, self.merged = (make_customer(owner=self.owner, is_known=False) for _ in range(2))
        self.stranger, self.namesake = make_customer(), make_customer()
        self.tag.customers.add(self.oldest, self.merged)
        self.merge = actions.merge_customers(kept=self.oldest, merged=self.merged, reason="test")
        self.address = f"anna{self.owner.pk}@example.org"
        self.typed = Identity.objects.create(customer=self.merged, kind="email", value=self.address, is_by_hand=True)
        key = ApiKey.objects.latest("pk")
        self.note = Note.objects.create(customer=self.merged, text="x", api_key=key)
        added = Tag.objects.create(key=f"added{self.owner.pk}", name=f"Added {self.owner.pk}")
        self.bulk = actions.add_tag(customers=[self.merged.pk], tag=added, by=None)
        self.suggestion = self._suggest(self.stranger)
        self.decided = actions.decide(suggestion=self._suggest(self.namesake), decision=Decision.LATER)

    def consent(self) -> Consent:
        return make_consent(self.merged, address=f"other-{self.address}")

    def request(self, *, days: int) -> ConsentRequest:
        return ConsentRequest.objects.create(
            customer=self.merged,
            brand=self.brand,
            address=self.address,
            purposes=["marketing"],
            text=stored(text_for("marketing")),
            origin="test",
            requested_at=timezone.now() - timedelta(days=days),
        )

    def holder(self) -> Holder:
        return Holder(self.merged, self.brand)

    def send(self, method: str, path: str, body: Any = None) -> int:
        read = self.api.get(path)
        return self.api.send(method, path, body, if_match=read.get("ETag")).status_code

    def page(self, name: str, *args: int, **data: Any) -> int:
        return self.staff.post(reverse(f"admin:customers_{name}", args=args), data).status_code

    def save(self) -> int:
        return Editor("Clara", self.merged).save(city="Kiel", tags=[]).status_code

    def decide(self, decision: str) -> int:
        data = {"seen": self.suggestion.seen, "kept": self.stranger.pk, "decision": decision}
        return self.page("mergesuggestion_decision", self.suggestion.pk, **data)

    def _suggest(self, other: Customer) -> MergeSuggestion:
        return MergeSuggestion.objects.create(one=self.merged, other=other, score=0.6, reasons=["name"])


VERBS: dict[str, Callable[[Scene], Any]] = {
    "a page is saved": lambda it: it.save(),
    "the API changes a customer": lambda it: it.send("patch", f"customers/{it.merged.pk}/", {"city": "Kiel"}),
    "the API tags": lambda it: it.send("put", f"customers/{it.merged.pk}/tags/{it.tag.key}/"),
    "the API untags": lambda it: it.send("delete", f"customers/{it.merged.pk}/tags/{it.tag.key}/"),
    "the API deletes a tag": lambda it: it.send("delete", f"tags/{it.tag.key}/"),
    "a tag is deleted on its page": lambda it: it.page("tag_delete", it.tag.pk, post="yes"),
    "a colleague goes": lambda it: it.owner.delete() and 200,
    "the API merges": lambda it: (
        it.api.send("post", "merges/", {"kept": it.stranger.pk, "merged": it.merged.pk, "reason": "x"}).status_code
    ),
    "the API undoes a merge": lambda it: it.send("delete", f"merges/{it.merge.pk}/"),
    "two are merged by hand": lambda it: it.page("merge_add", kept=it.stranger.pk, merged=it.merged.pk, reason="x"),
    "a merge is undone on its page": lambda it: it.page("merge_undoing", it.merge.pk),
    "the API gives an identifier": lambda it: (
        it.api.send(
            "post", "identities/", {"customer": it.merged.pk, "kind": "user_id", "value": f"u{it.owner.pk}"}
        ).status_code
    ),
    "the API takes an identifier": lambda it: it.send("delete", f"identities/{it.typed.pk}/"),
    "an identifier is typed": lambda it: it.page(
        "identity_add", customer=it.merged.pk, kind="user_id", value=f"u{it.owner.pk}"
    ),
    "an identifier is taken back": lambda it: it.page("identity_delete", it.typed.pk, post="yes"),
    "the API changes a note": lambda it: it.send("patch", f"notes/{it.note.pk}/", {"text": "y"}),
    "the API deletes a note": lambda it: it.send("delete", f"notes/{it.note.pk}/"),
    **{
        f"the API decides: {decision}": lambda it, decision=decision: (
            it.api.send(
                "put",
                f"merge-suggestions/{it.suggestion.pk}/decision/",
                {"decision": decision, "kept": it.stranger.pk},
            ).status_code
        )
        for decision in Decision.values
    },
    "it is decided on the page": lambda it: it.decide("merge"),
    "the API takes a decision back": lambda it: (
        it.api.send("delete", f"merge-suggestions/{it.decided.pk}/decision/").status_code
    ),
    "many get a tag": lambda it: actions.add_tag(
        customers=[it.stranger.pk, it.merged.pk], tag=Tag.objects.create(key="new", name="New"), by=None
    ),
    "many lose a tag": lambda it: actions.remove_tag(customers=[it.merged.pk], tag=it.tag, by=None),
    "many get an owner": lambda it: actions.set_owner(customers=[it.merged.pk], owner=None, by=None),
    "a bulk change is undone": lambda it: actions.undo_bulk_change(change=it.bulk, by=None),
    "a consent is withdrawn": lambda it: actions.withdraw(consent=it.consent(), origin="test"),
    "a mail is called spam": lambda it: note_complaint(address=it.address, brand=it.brand),
    "an address is confirmed": lambda it: actions.confirm_consent(request=it.request(days=0), now=timezone.now()),
    "unconfirmed addresses are forgotten": lambda it: forget_unconfirmed([it.request(days=60).pk]),
    "a language is chosen": lambda it: choose_language(holder=it.holder(), language="en") or 200,
    "a person is erased": lambda it: finish_erasure(erasure=actions.request_erasure(customer=it.merged)),
    "anonymous people are forgotten": lambda it: forget_anonymous([it.merged.pk]),
}


@pytest.fixture(autouse=True)
def _own_log(tmp_path, settings) -> None:
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"


def test_people_are_held_before_anything_else() -> None:
    wrong = {}
    for name, verb in VERBS.items():
        held, answer = beside(Scene(), verb)
        if held or answer in NOTHING_DONE:
            wrong[name] = held or answer
    assert wrong == {}


def beside(scene: Scene, verb: Callable[[Scene], Any]) -> tuple[list[str], Any]:
    """What the verb holds while it waits for the oldest record, and its answer."""
    pids: list[int] = []

    def run() -> Any:
        try:
            connection.ensure_connection()
            pids.append(connection.connection.info.backend_pid)
            return verb(scene)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            list(Customer.objects.filter(pk=scene.oldest.pk).select_for_update(no_key=True))
            future = pool.submit(run)
            held = [] if waits_for_a_lock(pids, future) else ["it never waits"]
            held += [table for table in LATER_IN_THE_ORDER if not _is_free(table, oldest=scene.oldest.pk)]
        return held, future.result(PATIENCE)


def waits_for_a_lock(pids: Iterable[int], future: "Future[Any]") -> bool:
    end = time.monotonic() + PATIENCE
    while not future.done() and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from unnest(%s::int[]) pid where cardinality(pg_blocking_pids(pid)) > 0", [[*pids]]
            )
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.005)
    return False


def _is_free(table: str, *, oldest: int) -> bool:
    but = f"where id <> {oldest}" if table == "customers_customer" else ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"select from {table} {but} for no key update nowait")
            return True
    except OperationalError:
        return False
