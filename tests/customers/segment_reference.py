"""The slow, obvious way to tell who is in a segment: person by person, row by row, without any SQL of ours."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Brand
from customers.models import Consent, Customer
from journeys.models import Run
from surveys.models import Answer, Invitation, Response
from tests.factories import NOW
from touchpoints.models import Subject, Touchpoint

BERLIN = ZoneInfo("Europe/Berlin")
SPELLINGS = {"köln": "koln", "koeln": "koln"}


class Reference:
    def __init__(self, brand: Brand | None) -> None:
        self.brand = brand
        self.customers = list(Customer.objects.prefetch_related("tags"))
        self.touchpoints = list(Touchpoint.objects.select_related("type", "channel", "source"))
        self.subjects = list(Subject.objects.all())
        self.consents = sorted(Consent.objects.all(), key=lambda it: (it.recorded_at, it.pk))
        self.runs = list(Run.objects.select_related("version__journey", "current_stage"))
        self.invitations = list(Invitation.objects.select_related("campaign__survey"))
        self.responses = list(Response.objects.select_related("version__survey", "invitation__campaign"))
        self.answers = list(Answer.objects.select_related("question", "response__invitation__campaign"))

    def members(self, rules: dict[str, Any]) -> set[int]:
        found = set()
        for person in self.customers:
            if person.canonical_id == person.pk and not self.objects(person) and self.fits(person, rules):
                found.add(person.pk)
        return found

    def fits(self, person: Customer, rule: dict[str, Any]) -> bool:
        if "and" in rule:
            return all(self.fits(person, inner) for inner in rule["and"])
        if "or" in rule:
            return any(self.fits(person, inner) for inner in rule["or"])
        if "not" in rule:
            return not any(self.fits(person, inner) for inner in rule["not"])
        names = {"touchpoints": "touchpoint_count"}
        question: Callable[..., bool] = getattr(self, names.get(rule["condition"], rule["condition"]))
        return question(person, **rule["with"])

    def of(self, person: Customer, rows: list[Any]) -> list[Any]:
        group = {it.pk for it in self.customers if it.canonical_id == person.pk}
        return [row for row in rows if row.customer_id in group]

    def is_ours(self, brand_id: int) -> bool:
        return self.brand is None or self.brand.pk == brand_id

    # The record

    def country(self, person: Customer, countries: list[str]) -> bool:
        return person.country in countries

    def city(self, person: Customer, cities: list[str]) -> bool:
        def plain(text: str) -> str:
            return SPELLINGS.get(text.lower(), text.lower())

        return plain(person.city) in [plain(city) for city in cities]

    def language(self, person: Customer, language: str = "") -> bool:
        return person.language == language

    def kind(self, person: Customer, kind: str) -> bool:
        return person.kind == kind

    def known(self, person: Customer, known: str) -> bool:
        return person.is_known == (known == "yes")

    def created_within(self, person: Customer, days: int) -> bool:
        return person.created_at >= NOW - timedelta(days=days)

    def created_since(self, person: Customer, day: str) -> bool:
        return person.created_at.astimezone(BERLIN).date().isoformat() >= day

    def owner(self, person: Customer, owner: str = "") -> bool:
        return (person.owner.username if person.owner else "") == owner

    def tag(self, person: Customer, tag: str) -> bool:
        group = [it for it in self.customers if it.canonical_id == person.pk]
        return any(it.key == tag for record in group for it in record.tags.all())

    # The stream

    def _current(self, row: Touchpoint) -> bool:
        corrections = [it for it in self.touchpoints if it.replaces and it.source_id == row.source_id]
        if any(it.replaces == row.message_id for it in corrections):
            return False
        return row.type is not None and not any(it.replaces == row.replaces and it.pk > row.pk for it in corrections)

    def _happened(
        self, person: Customer, *, type: str | None, channel: str | None, days: int | None
    ) -> list[Touchpoint]:
        found = []
        for row in self.of(person, self.touchpoints):
            if not self._current(row) or not self._is_within(row.occurred_at, days):
                continue
            if type and row.type.key != type:
                continue
            if channel and (row.channel is None or row.channel.key != channel):
                continue
            if self.is_ours(row.source.brand_id):
                found.append(row)
        return found

    def _is_within(self, time: Any, days: int | None) -> bool:
        return time < NOW and (days is None or time >= NOW - timedelta(days=days))

    def touchpoint_count(self, person: Customer, bound: str, number: int, **rest: Any) -> bool:
        times = len(self._happened(person, **{"type": None, "channel": None, "days": None} | rest))
        return times >= number if bound == "at_least" else times <= number

    def value(self, person: Customer, bound: str, amount: str, currency: str, **rest: Any) -> bool:
        sum = Decimal(0)
        for row in self._happened(person, **{"channel": None, "days": None} | rest):
            if row.value is not None and row.currency == currency:
                sum += row.value
        return sum >= Decimal(amount) if bound == "at_least" else sum <= Decimal(amount)

    def orders(self, person: Customer, **filled: Any) -> bool:
        return self._has(person, "order", **filled)

    def cases(self, person: Customer, **filled: Any) -> bool:
        return self._has(person, "case", **filled)

    def subscriptions(self, person: Customer, **filled: Any) -> bool:
        return self._has(person, "subscription", **filled)

    def _has(
        self, person: Customer, kind: str, bound: str, number: int, state: str = "", days: int | None = None
    ) -> bool:
        times = 0
        for row in self.of(person, self.subjects):
            if row.kind == kind and self.is_ours(row.brand_id) and self._is_within(row.began_at, days):
                times += not state or row.state == state
        return times >= number if bound == "at_least" else times <= number

    # Consent

    def consent(self, person: Customer, purpose: str, channel: str, said: str) -> bool:
        rows = [
            it
            for it in self.of(person, self.consents)
            if it.purpose == purpose and it.channel == channel and self.is_ours(it.brand_id)
        ]
        yes = any(
            self._stands(brand, address, rows)
            for brand in {it.brand_id for it in rows}
            for address in {it.address for it in rows}
        )
        no = any(it.state != "granted" for it in rows)
        return {"yes": yes, "no": no and not yes, "nothing": not yes and not no}[said]

    def _stands(self, brand: int, address: str, rows: list[Consent]) -> bool:
        """Read in the order in which it was said: a no stands until an opt-in."""
        last: Consent | None = None
        for row in rows:
            is_yes = row.state == "granted"
            if row.brand_id != brand or (row.address != address and (is_yes or row.address)):
                continue
            if is_yes and row.recorded_at > NOW:
                continue
            if is_yes and last and last.state != "granted" and row.basis != "opt_in":
                continue
            last = row
        return last is not None and last.state == "granted"

    def objects(self, person: Customer) -> bool:
        rows = [it for it in self.of(person, self.consents) if it.purpose == "profiling"]
        for place, no in enumerate(rows):
            if no.state == "granted":
                continue
            answered = False
            for yes in rows[place + 1 :]:
                is_opt_in = yes.state == "granted" and yes.basis == "opt_in" and yes.recorded_at <= NOW
                is_same = yes.brand_id == no.brand_id and yes.channel == no.channel
                answered |= is_opt_in and is_same and no.address in ("", yes.address)
            if not answered:
                return True
        return False

    # Journeys and surveys

    def stage(self, person: Customer, stage: str) -> bool:
        for run in self.of(person, self.runs):
            is_live = run.version.state == "published" and run.ended_at is None and run.current_stage
            if is_live and f"{run.version.journey.key}:{run.current_stage.key}" == stage:
                return True
        return False

    def score(self, person: Customer, kind: str, bound: str, number: int, survey: str = "") -> bool:
        group = {it.pk for it in self.customers if it.canonical_id == person.pk}
        last = None
        for answer in self.answers:
            response = answer.response
            if response.customer_id not in group or answer.question.kind != kind or not response.finished_at:
                continue
            campaign = response.invitation.campaign
            if response.finished_at >= NOW or not self.is_ours(campaign.brand_id):
                continue
            if survey and campaign.survey.key != survey:
                continue
            if last is None or (response.finished_at, response.pk) > (last.response.finished_at, last.response.pk):
                last = answer
        if last is None:
            return False
        return last.score >= number if bound == "at_least" else last.score <= number

    def answered(self, person: Customer, reaction: str, survey: str = "", days: int | None = None) -> bool:
        has_answered = any(
            it.finished_at and self._is_within(it.finished_at, days)
            for it in self.of(person, self.responses)
            if self._asks(it.invitation.campaign, survey)
        )
        was_asked = any(
            it.sent_at and self._is_within(it.sent_at, days)
            for it in self.of(person, self.invitations)
            if self._asks(it.campaign, survey)
        )
        return has_answered if reaction == "answered" else was_asked and not has_answered

    def _asks(self, campaign: Any, survey: str) -> bool:
        return self.is_ours(campaign.brand_id) and (not survey or campaign.survey.key == survey)
