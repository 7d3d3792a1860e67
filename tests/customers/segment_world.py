"""Random people with everything that segments ask about: merged, empty, contradictory, on the edge of a window."""

from datetime import timedelta
from random import Random
from typing import Any

from accounts.models import Brand
from customers.models import Consent, Customer, Tag
from journeys.models import Journey, JourneyVersion, Run, Stage
from surveys.models import Answer, Campaign, Invitation, Question, Response, Survey, SurveyVersion
from tests.factories import NOW, make_brand, make_channel, make_source, make_type, make_user
from touchpoints.models import Subject, Touchpoint

COUNTRIES = ["", "DE", "AT", "CH"]
CITIES = ["", "Köln", "KOELN", "koln", "Bonn", "Graz"]
TYPES = ["order_placed", "product_viewed", "call_inbound"]
CHANNELS = ["web", "phone"]
TAGS = ["regular", "vip"]
PURPOSES = ["survey", "marketing"]
WAYS = ["email", "phone"]
ADDRESSES = ["", "a", "b"]
OWNERS = ["clara", "sophie"]
STAGES = ["shop:order", "shop:wait", "service:order"]
KINDS = ["nps", "csat"]
SURVEYS = ["first", "second"]
SUBJECTS = {
    "order": ["placed", "delivered", "cancelled"],
    "case": ["opened", "closed"],
    "subscription": ["started", "cancelled"],
}
# Windows are half-open: exactly 30 days ago counts as within 30 days, now does not.
AGES = [timedelta(days=days) for days in (-1, 0, 1, 7, 29, 30, 31, 90, 400)] + [timedelta(days=30, seconds=1)]


class World:
    """Made by one seed, so that an example can be told by a number."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        # Half of the worlds talk about one brand, way and purpose only, so that much happens to few.
        self.is_narrow = self.random.random() < 0.5
        self.brands: list[Brand] = [make_brand(), make_brand(name="second")]
        self.owners = [make_user(username=name) for name in OWNERS]
        self.customers = self._people()
        self._stream()
        self._consents()
        self._journeys()
        self._surveys()

    def ago(self) -> Any:
        return NOW - self.random.choice(AGES)

    def pick(self, things: list[Any]) -> Any:
        return self.random.choice(things)

    def few(self, things: list[Any]) -> Any:
        return things[0] if self.is_narrow else self.pick(things)

    def _people(self) -> list[Customer]:
        rows = [
            Customer(
                kind=self.pick(["person", "company"]), country=self.pick(COUNTRIES), city=self.pick(CITIES),
                language=self.pick(["", "de", "en"]), is_known=self.pick([True, False]),
                owner=self.pick([None, *self.owners]), created_at=self.ago(),
            )
            for _ in range(self.random.choice([0, 2, 4, 8, 12]))
        ]  # fmt: skip
        customers = Customer.objects.bulk_create(rows)
        for customer in customers[1:]:
            if self.random.random() < 0.3:
                kept = self.pick([it for it in customers if it.pk < customer.pk])
                standing = Customer.objects.values_list("canonical_id", flat=True).get(pk=kept.pk)
                Customer.objects.filter(canonical=customer.pk).update(canonical_id=standing)
        tags = [Tag.objects.create(key=key, name=key) for key in TAGS]
        for customer in customers:
            customer.tags.add(*(tag for tag in tags if self.random.random() < 0.3))
        return customers

    def _some(self, most: int) -> range:
        return range(self.random.randint(0, most) if self.customers else 0)

    def _stream(self) -> None:
        sources = [make_source(brand=brand) for brand in self.brands]
        types = [make_type(key) for key in TYPES]
        channels = [make_channel(key) for key in CHANNELS]
        rows = []
        for number in self._some(50):
            value = self.pick([None, None, "5", "12.50", "-5"])
            is_correction = number > 0 and self.random.random() < 0.2
            replaced = self.pick(rows) if is_correction else None
            rows.append(
                Touchpoint(
                    source=replaced.source if replaced else self.pick(sources), message_id=str(number),
                    customer=self.pick(self.customers), channel=self.pick([None, *channels]),
                    type=self.pick(types) if not replaced or self.random.random() < 0.5 else None,
                    occurred_at=self.ago(), value=value, currency=self.pick(["EUR", "CHF"]) if value else "",
                    replaces=(replaced.replaces or replaced.message_id) if replaced else "",
                )
            )  # fmt: skip
        Touchpoint.objects.bulk_create(rows)
        for number in self._some(20):
            began_at, kind = self.ago(), self.pick(list(SUBJECTS))
            Subject.objects.create(
                brand=self.pick(self.brands), kind=kind, key=str(number), began_at=began_at,
                customer=self.pick(self.customers), state=self.pick(SUBJECTS[kind]), changed_at=began_at,
            )  # fmt: skip

    def _consents(self) -> None:
        rows = []
        for _ in self._some(40):
            state = self.pick(["granted", "granted", "withdrawn", "objected"])
            address = self.pick(ADDRESSES[1:] if state == "granted" else ADDRESSES)
            way = self.few(WAYS)
            basis = self.pick(["opt_in", "existing_customer"] if way == "email" else ["opt_in"])
            conditions = dict.fromkeys(
                ("is_from_sale", "is_for_similar_goods", "is_notice_given"), basis == "existing_customer"
            )
            purpose = self.few(PURPOSES) if self.random.random() < 0.9 else "profiling"
            rows.append(
                Consent(
                    brand=self.few(self.brands), customer=self.pick(self.customers), channel=way, address=address,
                    purpose=purpose, state=state, origin="test",
                    basis=basis if state == "granted" else "", recorded_at=self.ago(), **conditions,
                )
            )  # fmt: skip
        Consent.objects.bulk_create(rows)

    def _journeys(self) -> None:
        stages = []
        for name in STAGES:
            journey_key, key = name.split(":")
            journey, _is_new = Journey.objects.get_or_create(key=journey_key, defaults={"label_de": journey_key})
            for number, state in enumerate(("published", "retired"), 1):
                version, _is_new = JourneyVersion.objects.get_or_create(
                    journey=journey, number=number, defaults={"state": state, "published_at": NOW}
                )
                position = version.stages.count() + 1
                stages.append(
                    Stage.objects.create(version=version, key=key, label_de=key, phase="purchase", position=position)
                )
        for number in self._some(20):
            stage = self.pick(stages)
            ended = {"ended_at": NOW, "end_reason": "end_rule", "current_stage": None}
            run = {"current_stage": stage} if self.random.random() < 0.7 else ended
            Run.objects.create(
                version=stage.version, customer=self.pick(self.customers), ordinal=number + 1, started_at=NOW,
                last_at=NOW, **run,
            )  # fmt: skip

    def _surveys(self) -> None:
        questions, campaigns = {}, []
        for key in SURVEYS:
            survey = Survey.objects.create(key=key, label_de=key)
            version = SurveyVersion.objects.create(survey=survey)
            questions[key] = [
                Question.objects.create(version=version, key=kind, kind=kind, position=number, text_de=kind)
                for number, kind in enumerate(KINDS, 1)
            ]
            campaigns += [
                Campaign.objects.create(
                    key=f"{key}-{brand.pk}", label_de=key, brand=brand, survey=survey, purpose="survey",
                    trigger_type=make_type(TYPES[0]),
                )
                for brand in self.brands
            ]  # fmt: skip
        triggers = list(Touchpoint.objects.all())
        for trigger in triggers[: self.random.randint(0, 2 * len(triggers))]:
            self._invitation(trigger, self.few(campaigns), questions)

    def _invitation(self, trigger: Touchpoint, campaign: Campaign, questions: dict[str, list[Question]]) -> None:
        customer = self.pick(self.customers)
        sent_at = self.pick([None, self.ago()])
        invitation = Invitation.objects.create(
            campaign=campaign, customer=customer, touchpoint=trigger, due_at=NOW, nonce=1, sent_at=sent_at,
            state="sent" if sent_at else "planned",
        )  # fmt: skip
        if self.random.random() < 0.6:
            finished_at = self.pick([None, self.ago(), self.ago()])
            asked = questions[campaign.survey.key]
            response = Response.objects.create(
                version=asked[0].version, invitation=invitation, language="de",
                customer=self.pick([customer, customer, customer, None]), finished_at=finished_at,
                started_at=finished_at or NOW,
            )  # fmt: skip
            for question in asked:
                if self.random.random() < 0.7:
                    highest = 10 if question.kind == "nps" else 5
                    score = self.random.randint(1, highest)
                    Answer.objects.create(response=response, question=question, score=score)
