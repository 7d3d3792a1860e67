"""The gate on real rows against an independent statement of the law (tests/customers/law.py)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations, product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from customers.actions import record_consent
from customers.consent import ContactDecision, contact_decisions
from customers.models import Consent, Customer, Identity, Pause, Suppression
from customers.suppression import address_hmac
from tests.customers.law import CHANNELS, CIRCUMSTANCES, CONDITIONS, PURPOSES, Situation, some_situations, the_law
from tests.factories import NOW, make_brand, make_consent, make_customer

pytestmark = pytest.mark.django_db
IN_EVERY_RUN = 2_000
IN_THE_PROOF = 100_000
AT_ONCE = 10_000


class World:
    """Writes situations into the database, many at once, and asks the gate about them."""

    def __init__(self) -> None:
        self.brand = make_brand()
        self.other_brand = make_brand(is_default=False)

    def decisions(self, situations: Sequence[Situation]) -> list[ContactDecision]:
        people = Customer.objects.bulk_create(
            Customer(street=_street(n) if it.address != "none" and it.channel == "post" else "", **_place(it))
            for n, it in enumerate(situations)
        )
        doubles = Customer.objects.bulk_create(
            Customer(canonical_id=None if it.people == "no in a record parted again" else person.pk)
            for person, it in zip(people, situations, strict=True)
        )
        written = list(zip(range(len(people)), situations, people, doubles, strict=True))
        Identity.objects.bulk_create(
            Identity(customer=person, kind=it.channel, value=_address(n, it), is_trusted=it.address == "ours")
            for n, it, person, _double in written
            if it.channel != "post" and it.address != "none"
        )
        Suppression.objects.bulk_create(self._suppression(n, it) for n, it, *_ in written if it.suppressed != "no")
        self.yes = {
            n: self._yes(n, it, double if it.people == "yes in a merged record" else person)
            for n, it, person, double in written
            if it.yes != "never" and it.may_be_written_down
        }
        in_double = {"no in a merged record", "no in a record parted again"}
        no = [
            self._no(n, it, double if it.people in in_double else person)
            for n, it, person, double in written
            if it.no != "never"
        ]
        Consent.objects.bulk_create([*self.yes.values(), *no])
        parted = "no in a record parted again"
        Pause.objects.bulk_create(
            self._pause(it, person if it.people == parted else double)
            for _n, it, person, double in written
            if it.pause != "no pause"
        )
        return self._ask(situations, Customer.objects.in_bulk([person.pk for person in people]), people)

    def _ask(
        self, situations: Sequence[Situation], fresh: dict[int, Customer], people: Sequence[Customer]
    ) -> list[ContactDecision]:
        asked = defaultdict(list)
        for it, person in zip(situations, people, strict=True):
            asked[it.purpose, it.channel].append(fresh[person.pk])
        answers: dict[int, ContactDecision] = {}
        for (purpose, channel), who in asked.items():
            answers |= contact_decisions(who, purpose=purpose, channel=channel, brand=self.brand, now=NOW)
        return [answers[person.pk] for person in people]

    def _yes(self, n: int, it: Situation, who: Customer) -> Consent:
        conditions = it.sale_conditions
        about = "" if conditions else str(it.yes)
        sale, similar, notice = conditions or (False, False, False)
        return Consent(
            customer=who, state="granted", basis="existing_customer" if conditions else "opt_in",
            is_from_sale=sale, is_for_similar_goods=similar, is_notice_given=notice,
            recorded_at=NOW - timedelta(days=it.days_since_yes), **self._about(n, it, about),
        )  # fmt: skip

    def _no(self, n: int, it: Situation, who: Customer) -> Consent:
        state = "withdrawn" if it.no == "withdrew" else "objected"
        about = self._about(n, it, it.no)
        if it.no == "objected, all addresses":
            about["address"] = ""
        return Consent(customer=who, state=state, recorded_at=NOW - timedelta(days=it.days_since_no), **about)

    def _about(self, n: int, it: Situation, said: str) -> dict[str, Any]:
        return {
            "brand": self.other_brand if said.endswith("other brand") else self.brand,
            "purpose": _another(PURPOSES, it.purpose) if said.endswith("other purpose") else it.purpose,
            "channel": _another(CHANNELS, it.channel) if said.endswith("other channel") else it.channel,
            "address": "else@example.com" if said.endswith("other address") else _address(n, it),
            "origin": "test",
        }

    def _pause(self, it: Situation, who: Customer) -> Pause:
        """Named on the merged record, so on the person."""
        until = NOW - timedelta(days=1) if it.pause == "over" else NOW + timedelta(days=1)
        return Pause(
            customer=who, brand=self.other_brand if it.pause.endswith("other brand") else self.brand, until_at=until
        )

    def _suppression(self, n: int, it: Situation) -> Suppression:
        scope, _comma, is_other = it.suppressed.partition(", ")
        address = f"else{n}@example.com" if is_other else _address(n, it)
        return Suppression(address_hmac=address_hmac(address), scope=scope, reason="test")


def _address(n: int, it: Situation) -> str:
    if it.channel == "post":
        return f"{_street(n)}, 10115 Berlin"
    return f"+4930{n:08}" if it.channel == "phone" else f"{n}@example.com"


def _street(n: int) -> str:
    return f"Weg {n}"


def _place(it: Situation) -> dict[str, str]:
    return {"postal_code": "10115", "city": "Berlin"} if it.channel == "post" and it.address != "none" else {}


def _another(names: Sequence[str], name: str) -> str:
    return names[(names.index(name) + 1) % len(names)]


def wrong_decisions(situations: Sequence[Situation]) -> list[tuple[Situation, tuple[str, str], tuple[str, str]]]:
    world = World()
    decisions = world.decisions(situations)
    wrong = []
    for n, (it, decision) in enumerate(zip(situations, decisions, strict=True)):
        said = (str(decision.reason), str(decision.basis))
        yes = world.yes.get(n)
        names_its_entry = decision.consent_id == (
            yes.pk if yes and said[1] in {"opt_in", "existing_customer"} else None
        )
        names_the_address = not decision.is_allowed or decision.address == _address(n, it)
        if said != the_law(it) or decision.is_allowed == bool(said[0]) or not names_its_entry or not names_the_address:
            wrong.append((it, said, the_law(it)))
    return wrong


def sample() -> list[Situation]:
    return some_situations(IN_EVERY_RUN, seed=7)


def test_it_decides_as_the_law_says() -> None:
    assert wrong_decisions(sample())[:5] == []


def test_every_two_circumstances_meet_in_every_run() -> None:
    """What the sample leaves out is a combination of three or more."""
    missing = [
        (one, other)
        for one, other in combinations(CIRCUMSTANCES, 2)
        if {(getattr(it, one), getattr(it, other)) for it in sample()}
        != set(product(CIRCUMSTANCES[one], CIRCUMSTANCES[other]))
    ]
    assert missing == []


def test_the_sample_knows_every_answer_of_the_law() -> None:
    answers = {the_law(it) for it in sample()}

    assert {reason for reason, _basis in answers} == {
        "", "no_address", "suppressed", "objected", "withdrawn", "no_legal_basis", "paused"
    }  # fmt: skip
    assert {basis for _reason, basis in answers} == {
        "", "contract", "opt_in", "existing_customer", "post_until_objection"
    }  # fmt: skip


@pytest.mark.prove
def test_it_decides_as_the_law_says_a_hundred_thousand_times() -> None:
    for seed in range(IN_THE_PROOF // AT_ONCE):
        with transaction.atomic():
            assert wrong_decisions(some_situations(AT_ONCE, seed=seed))[:5] == []
            transaction.set_rollback(True)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("conditions", CONDITIONS)
def test_a_sale_that_lacks_a_condition_cannot_be_written_down(
    channel: str, conditions: tuple[bool, bool, bool]
) -> None:
    """Neither through the action nor past it: the gate never meets such an entry."""
    names = ("is_from_sale", "is_for_similar_goods", "is_notice_given")
    fields: dict[str, Any] = dict(zip(names, conditions, strict=True)) | {"basis": "existing_customer"}
    customer, brand = make_customer(), make_brand()
    if all(conditions) and channel == "email":
        record_consent(customer=customer, brand=brand, purpose="survey", address="a@b.de", origin="shop", **fields)
        return
    with pytest.raises(ValidationError):
        record_consent(
            customer=customer, brand=brand, purpose="survey", address="a@b.de", origin="shop", channel=channel, **fields
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        make_consent(customer, address="a@b.de", channel=channel, **fields)
    assert not Consent.objects.exists()
