"""One batch on its way into the stream: what each item is, and in the end what became of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal

from msgspec import Struct

from accounts.strict_json import is_storable
from customers.identity import Identifier
from touchpoints.acquisition import acquisition_channel
from touchpoints.decoding import Item, ItemError
from touchpoints.event import Event, identifiers_of, local_phone, read_event, unknown_fields
from touchpoints.fingerprint import fingerprint
from touchpoints.segment.people import Told
from touchpoints.statements import KnownTouchpoint, Row, Vocabulary


class Outcome(Struct, gc=False):
    index: int
    message_id: str
    status: Literal["created", "duplicate", "rejected"]
    code: str = ""
    detail: str = ""


def status_of(outcomes: Sequence[Outcome]) -> HTTPStatus:
    """200: all are stored; 207: some; 422: none."""
    rejected = sum(outcome.status == "rejected" for outcome in outcomes)
    if not rejected:
        return HTTPStatus.OK
    return HTTPStatus.MULTI_STATUS if rejected < len(outcomes) else HTTPStatus.UNPROCESSABLE_ENTITY


class Incoming(Struct, gc=False):
    """A valid item. `root`: the first of the chain of corrections that this one belongs to."""

    index: int
    raw: bytes
    event: Event
    identifiers: tuple[Identifier, ...]
    fingerprint: int  # 0: of two with one message ID the first wins, whatever they say
    unknown: list[str]
    root: str = ""
    told: Told | None = None
    usual_channel: str = ""  # where neither the event nor its type names one
    local_phone: str = ""  # as sent, without a prefix; among the identifiers as a number of the source's country

    def identifiers_among(self, named: Set[Identifier]) -> tuple[Identifier, ...]:
        """With the former one: a user ID where such a one is `named` anywhere, else an anonymous one."""
        if self.told is None or not self.told.former:
            return self.identifiers
        user_id, anonymous_id = self.told.former
        return (*self.identifiers, user_id if user_id in named else anonymous_id)


class Refused(Struct):
    index: int
    raw: bytes
    message_id: str
    error: ItemError


def read_items(items: Sequence[Item], *, country: str, currency: str, now: datetime) -> list[Incoming | Refused]:
    return [
        _read(index, item, country=country, currency=currency, now=now)  # one bad item does not spoil the rest
        for index, item in enumerate(items)
    ]


def _read(index: int, item: Item, *, country: str, currency: str, now: datetime) -> Incoming | Refused:
    try:
        if item.error:
            raise item.error
        event = read_event(item.value, currency=currency, now=now)
        identifiers = identifiers_of(event, country=country)
        if not identifiers and not event.replaces:
            raise ItemError("invalid_identity", "customer names no identifier.")
    except ItemError as error:
        return Refused(index, item.raw, _message_id(item.value), error)
    return Incoming(
        index=index,
        raw=item.raw,
        event=event,
        identifiers=identifiers,
        fingerprint=fingerprint(item.value),
        unknown=unknown_fields(item.value),
        root=event.replaces,
        local_phone=local_phone(event.customer.get("phone")),
    )


def _message_id(value: Any) -> str:
    message_id = value.get("message_id") if isinstance(value, dict) else None
    return message_id[:100] if isinstance(message_id, str) and is_storable(message_id) else ""


class Batch:
    """Items leave `fresh` when it is clear what becomes of them."""

    def __init__(self, read: Iterable[Incoming | Refused]) -> None:
        self.fresh: list[Incoming] = []
        self.refused: list[Refused] = []
        self._outcomes: dict[int, Outcome] = {}
        for item in read:
            if isinstance(item, Refused):
                self._refuse(item)
            else:
                self.fresh.append(item)

    @property
    def outcomes(self) -> list[Outcome]:
        return [self._outcomes[index] for index in sorted(self._outcomes)]

    def message_ids(self) -> set[str]:
        return {item.event.message_id for item in self.fresh}

    def corrected_ids(self) -> set[str]:
        return {item.root for item in self.fresh if item.root}

    def identifiers(self) -> list[Identifier]:
        named = {identifier for item in self.fresh for identifier in item.identifiers}
        told = [item.told for item in self.fresh if item.told]
        companies = [it.company[0] for it in told if it.company]
        return sorted(named.union(companies, *(it.former for it in told)))

    def user_ids(self) -> set[Identifier]:
        return {identifier for item in self.fresh for identifier in item.identifiers if identifier.kind == "user_id"}

    def types(self) -> set[str]:
        return {item.event.type for item in self.fresh if item.event.type}

    def leave_out(self, known: Mapping[str, KnownTouchpoint]) -> None:
        """What was sent before, or twice in this batch, is a duplicate or a conflict."""
        seen = {message_id: it.fingerprint for message_id, it in known.items()}
        fresh = []
        for item in self.fresh:
            message_id = item.event.message_id
            if message_id in seen:
                self._repeat(item, seen[message_id])
            else:
                seen[message_id] = item.fingerprint
                fresh.append(item)
        self.fresh = fresh

    def find_roots(self, known: Mapping[str, KnownTouchpoint]) -> None:
        """A correction of a correction names the first of the chain (TouchpointQuerySet.current)."""
        roots = {message_id: it.replaces for message_id, it in known.items()}
        for item in self.fresh:
            root = roots.get(item.root) or item.root
            item.root = root if root != item.event.message_id else item.event.replaces
            roots[item.event.message_id] = item.root

    def refuse_unless(self, is_fine: Callable[[Incoming], bool], *, code: str, detail: str) -> None:
        for item in self.fresh:
            if not is_fine(item):
                self._refuse(Refused(item.index, item.raw, item.event.message_id, ItemError(code, detail)))
        self.fresh = [item for item in self.fresh if is_fine(item)]

    def finish(self) -> None:
        """All that is fresh is stored."""
        for item in self.fresh:
            self._settle(item, "created")

    def _repeat(self, item: Incoming, before: int) -> None:
        if before == item.fingerprint or 0 in (before, item.fingerprint):
            self._settle(item, "duplicate")
        else:
            detail = "Another touchpoint with this message_id was stored before."
            self._refuse(Refused(item.index, item.raw, item.event.message_id, ItemError("conflict", detail)))

    def _settle(self, item: Incoming, status: Literal["created", "duplicate"]) -> None:
        outcome = Outcome(item.index, item.event.message_id, status)
        if item.unknown:
            outcome.code, outcome.detail = "unknown_fields", f"Not stored: {', '.join(item.unknown)}."
        self._outcomes[item.index] = outcome

    def _refuse(self, item: Refused) -> None:
        self.refused.append(item)
        error = item.error
        self._outcomes[item.index] = Outcome(item.index, item.message_id, "rejected", error.code, error.detail)


def row_of(item: Incoming, *, customer: int, words: Vocabulary) -> Row:
    event = item.event
    touchpoint_type = words.types.get(event.type)
    channel = event.channel or (touchpoint_type.channel if touchpoint_type else "") or item.usual_channel
    return Row(
        message_id=event.message_id,
        customer=customer,
        type=touchpoint_type.id if touchpoint_type else None,
        channel=words.channels.get(channel),
        occurred_at=event.occurred_at,
        subject=event.subject,
        value=event.value,
        currency=event.currency,
        valence=event.valence,
        session_id=event.session_id,
        campaign=event.campaign,
        referrer=event.referrer,
        place=event.place,
        actor=event.actor,
        acquisition_channel=acquisition_channel(
            medium=event.campaign.medium if event.campaign else None,
            referrer=event.referrer,
            page=event.page,
            channel=channel,
            is_visit=bool(event.session_id),
            rules=words.rules,
        ),
        replaces=item.root,
        properties=event.properties,
        fingerprint=item.fingerprint,
    )
