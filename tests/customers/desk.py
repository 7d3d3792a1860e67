"""Staff and systems at work on the same people as the senders: pages of the admin, and the API, over HTTP."""

import random
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import Scope
from customers.actions import add_tag, compare_next, remove_tag, set_owner
from customers.models import Customer, Identity, Merge, MergeSuggestion, Note, Tag
from tests.customers.editing import Editor
from tests.reading import Reader

CITIES = ("Berlin", "Hamburg", "Kiel")
TAGS = ("regular", "vip")
NAMED = {"user_id": "u{}", "email": "a{}@shop.example", "phone": "+49301234{:04}"}


class Desk:
    """One person with a page open, and one key; `some` draws rows, `somebody` numbers of people, as the client does."""

    def __init__(
        self, chance: random.Random, some: Callable[[QuerySet[Any], int], list[Any]], somebody: Callable[[], int]
    ) -> None:
        self.chance, self.some, self.somebody = chance, some, somebody
        self.api = Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
        self.page: Editor | None = None
        self.is_open = False
        self.tags = [Tag.objects.get_or_create(key=key, defaults={"name": key.title()})[0] for key in TAGS]
        self.verbs: dict[Callable[[], object], int] = {
            self.save_page: 2, self.patch: 1, self.merge_two: 1, self.part: 1, self.claim: 1, self.disclaim: 1,
            self.judge: 2, self.tag: 1, self.tag_many: 1, self.write: 1,
        }  # fmt: skip

    def save_page(self) -> None:
        """Opened a while before it is saved; who is told of a conflict chooses, and saves again."""
        if not self.is_open or self.page is None:
            for customer in self.some(Customer.objects.all(), 1):
                self._open(customer)
        else:
            self.is_open = False
            tags = [str(tag.pk) for tag in self.chance.sample(self.tags, 1)]
            answer = self.page.save(city=self.chance.choice(CITIES), tags=tags)
            if answer.status_code == 200:
                chosen = {f"choice-{name}": self.chance.choice(["mine", "theirs"]) for name in ("city", "tags")}
                answer = self.page.save(**chosen)
            assert answer.status_code in (200, 302), answer.content

    def _open(self, customer: Customer) -> None:
        if self.page:
            self.page.open(customer)
        else:
            self.page = Editor("Clara", customer)
        self.is_open = True

    def patch(self) -> None:
        for customer in self.some(Customer.objects.all(), 1):
            body = {"city": self.chance.choice(CITIES), "tags": self.chance.sample(TAGS, 1)}
            self._send("patch", f"customers/{customer.pk}/", body, expected=(200, 412))

    def merge_two(self) -> None:
        if len(people := self.some(Customer.objects.all(), 2)) == 2:
            body = {"kept": people[0].pk, "merged": people[1].pk, "reason": "test"}
            self._send("post", "merges/", body, expected=(201, 409))

    def part(self) -> None:
        for merge in self.some(Merge.objects.standing(), 1):
            self._send("delete", f"merges/{merge.pk}/", expected=(204, 409, 412))

    def claim(self) -> None:
        for customer in self.some(Customer.objects.all(), 1):
            kind = self.chance.choice([*NAMED])
            body = {"customer": customer.pk, "kind": kind, "value": NAMED[kind].format(self.somebody())}
            self._send("post", "identities/", body, expected=(201, 409))

    def disclaim(self) -> None:
        for identity in self.some(Identity.objects.filter(is_by_hand=True), 1):
            self._send("delete", f"identities/{identity.pk}/", expected=(204, 404, 409, 412))

    def judge(self) -> None:
        compare_next()
        for suggestion in self.some(MergeSuggestion.objects.all(), 1):
            path = f"merge-suggestions/{suggestion.pk}/decision/"
            if self.chance.random() < 0.3:
                self._send("delete", path, expected=(200, 404, 409))
            else:
                decision = self.chance.choice(["merge", "keep_apart", "later"])
                body = {"decision": decision, "kept": self.chance.choice([suggestion.one_id, suggestion.other_id])}
                self._send("put", path, body, expected=(200, 404, 409))

    def tag(self) -> None:
        for customer in self.some(Customer.objects.all(), 1):
            verb = self.chance.choice(["put", "delete"])
            self._send(verb, f"customers/{customer.pk}/tags/{self.chance.choice(TAGS)}/", expected=(204,))

    def tag_many(self) -> None:
        people = [customer.pk for customer in self.some(Customer.objects.all(), 5)]
        try:
            match self.chance.choice(["add", "remove", "owner"]):
                case "add":
                    add_tag(customers=people, tag=self.chance.choice(self.tags), by=None)
                case "remove":
                    remove_tag(customers=people, tag=self.chance.choice(self.tags), by=None)
                case _:
                    set_owner(customers=people, owner=None, by=None)
        except ValidationError:  # all of them are like this already
            pass

    def write(self) -> None:
        for note in self.some(Note.objects.filter(api_key__isnull=False), 1):
            self._send("patch", f"notes/{note.pk}/", {"text": "said so again"}, expected=(200, 403, 404, 412))
        for customer in self.some(Customer.objects.all(), 1):
            self._send("post", "notes/", {"customer": customer.pk, "text": "said so"}, expected=(201,))

    def _send(self, method: str, path: str, body: Any = None, *, expected: tuple[int, ...]) -> None:
        """With the ETag of just now where one is asked for; others may have been quicker."""
        etag = None
        if method in ("patch", "delete") and "/tags/" not in path and "/decision/" not in path:
            read = self.api.get(path)
            etag = read.get("ETag") or "*"
        answer = self.api.send(method, path, body, if_match=etag)
        assert answer.status_code in expected, (method, path, answer.status_code, answer.content)
