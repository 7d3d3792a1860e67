"""Writes invented customers and their touchpoints by COPY, some hundreds in one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

import orjson
from django.db import connection, transaction

from accounts.models import Brand
from customers.models import Consent, ConsentText, Customer, Identity
from customers.models.consent import ConsentState, ContactChannel, LegalBasis, Purpose
from touchpoints.models import Case, CaseReason, Channel, Source, Touchpoint, TouchpointType
from touchpoints.models.case import CaseKind, CaseState
from workspace.demo.happenings import CALL_CENTRE, OURSELVES, SHOP, Happening, Story
from workspace.demo.people import DemoCustomer, People

CUSTOMERS_PER_STEP = 250
DUE_AFTER = timedelta(days=2)
# What the checkout of the demo’s shop says.
NOTICE = {
    "text_de": (
        "Wir nutzen Ihre E-Mail-Adresse, um Sie nach Ihrer Meinung zu Ihrem Einkauf zu fragen. Sie können jederzeit "
        "widersprechen, ohne dass hierfür andere als die Übermittlungskosten nach den Basistarifen entstehen."
    ),
    "text_en": (
        "We use your e-mail address to ask for your opinion on what you bought. You can object at any time, "
        "at no more than the basic cost of sending the objection."
    ),
}
TOUCHPOINT_COLUMNS = (
    "source_id", "message_id", "customer_id", "type_id", "channel_id", "occurred_at", "received_at", "subject",
    "value", "currency", "valence", "session_id", "campaign", "referrer", "place", "actor", "acquisition_channel",
    "replaces", "properties", "fingerprint",
)  # fmt: skip
COPY_TOUCHPOINTS = f"copy touchpoints_touchpoint ({', '.join(TOUCHPOINT_COLUMNS)}) from stdin"


@dataclass(frozen=True)
class Told:
    """One happening with the customer it belongs to and the message_id it is stored under."""

    customer_id: int
    message_id: str
    happening: Happening


class Loader:
    def __init__(self, people: People, *, until: datetime) -> None:
        self.people, self.until = people, until
        self.brand = Brand.objects.default()
        self.sources = {
            key: self._source(key, name) for key, name in ((SHOP, "Online-Shop"), (CALL_CENTRE, "Callcenter"))
        } | {OURSELVES: Source.objects.get(key=OURSELVES).pk}
        self.channels = dict(Channel.objects.values_list("key", "pk"))
        self.reasons = {reason.key: reason for reason in CaseReason.objects.all()}
        self.notice = ConsentText.objects.get_or_create(key="checkout", version=1, defaults=NOTICE)[0]
        self.types = {type.key: type for type in TouchpointType.objects.all()}

    @transaction.atomic
    def load(self, numbers: Sequence[int]) -> list[Told]:
        """Write these customers, if they are not there yet; returns what was told about them."""
        customers = [self.people.customer(number) for number in numbers]
        last = customers[-1].identities[0]
        if Identity.objects.filter(kind=last[0], value=last[1]).exists():
            return []
        ids = self._write_customers(customers)
        told = [
            Told(ids[person.number], f"demo:{person.number}:{index}", happening)
            for person in customers
            for index, happening in enumerate(
                Story(person, draw=self.people.random(person.number), until=self.until).happenings()
            )
        ]
        with connection.cursor() as cursor, cursor.copy(COPY_TOUCHPOINTS) as copy:
            for one in told:
                copy.write_row(self._row(one))
        Case.objects.bulk_create(self._cases(told))
        return told

    def _write_customers(self, customers: Sequence[DemoCustomer]) -> dict[int, int]:
        rows = Customer.objects.bulk_create(
            Customer(
                salutation=person.salutation if person.is_known else "",
                title=person.title if person.is_known else "",
                given_name=person.given_name if person.is_known else "",
                family_name=person.family_name if person.is_known else "",
                street=person.street if person.is_known else "",
                postal_code=person.postal_code if person.is_known else "",
                city=person.city if person.is_known else "",
                country="DE" if person.is_known else "",
                language=person.language if person.is_known else "",
                is_known=person.is_known,
            )
            for person in customers
        )
        ids = {person.number: row.pk for person, row in zip(customers, rows, strict=True)}
        Identity.objects.bulk_create(
            Identity(customer_id=ids[person.number], kind=kind, value=value)
            for person in customers
            for kind, value in person.identities
        )
        Consent.objects.bulk_create(
            chain.from_iterable(self._consents(person, ids[person.number]) for person in customers)
        )
        return ids

    def _consents(self, person: DemoCustomer, customer_id: int) -> Iterator[Consent]:
        """The shop gives notice at checkout; an address from a marketplace allows nothing (§ 7 (3) UWG)."""
        if not person.is_known or person.is_from_marketplace or person.number % 8 == 0:
            return
        for purpose in (Purpose.SURVEY, Purpose.REVIEW):
            yield Consent(
                brand=self.brand,
                customer_id=customer_id,
                channel=ContactChannel.EMAIL,
                address=person.email,
                purpose=purpose,
                state=ConsentState.GRANTED,
                basis=LegalBasis.EXISTING_CUSTOMER,
                is_from_sale=True,
                is_for_similar_goods=True,
                is_notice_given=True,
                text=self.notice,
                language=person.language,
                origin="checkout",
                recorded_at=person.joined_at,
            )

    def _row(self, told: Told) -> tuple[object, ...]:
        it = told.happening
        type = self.types[it.type]
        moment = it.at.replace(microsecond=it.at.microsecond // 1000 * 1000)
        return (
            self.sources[it.source], told.message_id, told.customer_id, type.pk,
            self.channels[it.channel] if it.channel else type.channel_id, moment, moment, it.subject,
            it.value, "EUR" if it.value is not None else "", it.valence, "",
            orjson.dumps(it.campaign).decode() if it.campaign else None, "", "", it.actor, "", "",
            orjson.dumps(it.properties).decode(), 0,
        )  # fmt: skip

    def _cases(self, told: Iterable[Told]) -> Iterator[Case]:
        resolved = {one.happening.subject: one.happening for one in told if one.happening.type == "case_resolved"}
        for one in told:
            if one.happening.type == "case_opened":
                end = resolved.get(one.happening.subject)
                yield Case(
                    brand=self.brand,
                    number=one.happening.subject.removeprefix("case:"),
                    customer_id=one.customer_id,
                    kind=CaseKind.COMPLAINT,
                    title=one.happening.properties["title"],
                    priority=one.happening.properties["priority"],
                    due_at=one.happening.at + DUE_AFTER,
                    state=CaseState.RESOLVED if end else CaseState.OPEN,
                    created_at=one.happening.at,
                    due_from=one.happening.at,
                    resolved_at=end.at if end else None,
                    root_cause=self.reasons[end.properties["root_cause"]] if end else None,
                    resolution=self.reasons[end.properties["resolution"]] if end else None,
                    resolution_note="Mit der Kundin oder dem Kunden geklärt." if end else "",
                )

    def _source(self, key: str, name: str) -> int:
        return Source.objects.get_or_create(key=key, defaults={"name": name, "brand": self.brand})[0].pk


def touchpoint_ids(told: Iterable[Told]) -> dict[str, int]:
    message_ids = [one.message_id for one in told]
    return dict(Touchpoint.objects.filter(message_id__in=message_ids).values_list("message_id", "pk"))
