"""The statements of a batch: a handful, however many touchpoints it holds."""

from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from django.db.backends.utils import CursorWrapper

from accounts.prepared import ask
from touchpoints.acquisition import READY_RULES, Rules, rules_of

SQL = Path(__file__).parent / "sql"
KNOWN = (SQL / "known_touchpoints.sql").read_text()
VOCABULARY = (SQL / "vocabulary.sql").read_text()
CREATE_TYPES = (SQL / "create_types.sql").read_text()
INSERT = (SQL / "insert_touchpoints.sql").read_text()


class KnownTouchpoint(NamedTuple):
    fingerprint: int
    replaces: str
    customer_id: int


class KnownType(NamedTuple):
    id: int
    channel: str


class Vocabulary(NamedTuple):
    types: Mapping[str, KnownType]
    channels: Mapping[str, int]
    rules: Rules = READY_RULES


class Row(msgspec.Struct, gc=False):
    """A touchpoint as insert_touchpoints.sql takes it; customer, type and channel are ids."""

    message_id: str
    customer: int
    type: int | None
    channel: int | None
    occurred_at: Any
    subject: str
    value: Any
    currency: str
    valence: int | None
    session_id: str
    campaign: Any
    referrer: str
    place: str
    actor: str
    acquisition_channel: str
    replaces: str
    properties: dict[str, Any]
    fingerprint: int


def ask_known(*, source: int, message_ids: Set[str]) -> CursorWrapper:
    return ask(KNOWN, {"source": source, "message_ids": msgspec.json.encode(message_ids).decode()})


def read_known(answer: CursorWrapper) -> dict[str, KnownTouchpoint]:
    return {message_id: KnownTouchpoint(*row) for message_id, *row in answer.fetchall()}


def ask_vocabulary(types: Set[str]) -> CursorWrapper:
    return ask(VOCABULARY, {"types": list(types)})


def read_vocabulary(answer: CursorWrapper) -> Vocabulary:
    """Ids by name."""
    rows = answer.fetchall()
    rules = next(text for what, _name, _pk, text in rows if what == "rules")
    return Vocabulary(
        types={name: KnownType(pk, channel or "") for what, name, pk, channel in rows if what == "type"},
        channels={name: pk for what, name, pk, _channel in rows if what == "channel"},
        rules=rules_of(rules) if rules else READY_RULES,
    )


def with_new_types(words: Vocabulary, types: Set[str]) -> Vocabulary:
    """Types that nobody has heard of are created; others may wait for these rows, so hold people before."""
    unheard_of = types - words.types.keys()
    if not unheard_of:
        return words
    ask(CREATE_TYPES, {"types": sorted(unheard_of)})
    return read_vocabulary(ask_vocabulary(types))


def insert(*, source: int, rows: list[Row]) -> set[str]:
    """The message IDs that were not there yet."""
    answer = ask(INSERT, {"source": source, "rows": msgspec.json.encode(rows).decode()})
    return {message_id for (message_id,) in answer.fetchall()}
