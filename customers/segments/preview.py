"""What somebody who builds a segment sees of it while building: the sentence, the count, some of the people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from customers.models import Customer, Segment
from customers.models.segment import SegmentKind
from customers.segments.condition import bind
from customers.segments.draft import Draft
from customers.segments.membership import members, members_by
from customers.segments.rules import InvalidRulesError, Problem, parse
from customers.segments.wording import sentence

if TYPE_CHECKING:
    from accounts.models import Brand
    from customers.querysets import CustomerQuerySet

SAMPLES = 10
# Below this a list says more about persons than about a group.
FEW = 5
PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Preview:
    problems: list[Problem] = field(default_factory=list)
    sentence: str = ""
    count: int = 0
    everybody: int = 0
    samples: list[Customer] = field(default_factory=list)
    is_slow: bool = False

    @property
    def is_few(self) -> bool:
        return 0 < self.count < FEW


def preview(draft: Draft, *, now: datetime, brand: Brand | None, with_samples: bool) -> Preview:
    """Of a draft read with `is_checked`."""
    try:
        rules = draft.bound()
    except InvalidRulesError as refused:
        return Preview(problems=refused.problems)
    return look_at(members_by(rules, now=now, brand=brand), sentence(rules), with_samples=with_samples)


def preview_of(segment: Segment, *, now: datetime, with_samples: bool) -> Preview:
    """Of a segment as it is saved."""
    try:
        people = members(segment, now=now)
        said = _("People who were put on this list by hand.")
        if segment.kind == SegmentKind.DYNAMIC:
            said = sentence(bind(parse(segment.rules)))
    except InvalidRulesError as refused:
        return Preview(problems=refused.problems)
    return look_at(people, said, with_samples=with_samples)


def look_at(people: CustomerQuerySet, said: str, *, with_samples: bool) -> Preview:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = %s", [PATIENCE_SECONDS * 1000])
            count = people.count()
            samples = list(people.prefetch_related("identities")[:SAMPLES]) if with_samples else []
            cursor.execute("set local statement_timeout = default")
    except OperationalError:
        return Preview(sentence=said, is_slow=True)
    everybody = Customer.objects.canonical().count()
    return Preview(sentence=said, count=count, everybody=everybody, samples=samples)
