"""Two persons side by side: every field and identifier, and in a word whether they agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from customers.candidates import cards
from customers.facts import facts
from customers.models import Customer, Identity, Membership, Note, Tag
from customers.models.identity import IdentityKind
from customers.similarity import Card, likeness

FIELDS = (
    "kind", "salutation", "title", "given_name", "family_name", "company_name", "street", "postal_code", "city",
    "country", "language", "time_zone", "owner",
)  # fmt: skip
# A weaker likeness than that of suggestions: it only directs the eye.
ALIKE = 0.4
NEWEST, MOST_SHOWN = 3, 10
VERDICTS = {
    "same": gettext_lazy("same"),
    "similar": gettext_lazy("similar"),
    "different": gettext_lazy("different"),
    "single": gettext_lazy("only one"),
}


@dataclass(frozen=True)
class Line:
    label: str | Promise
    one: Sequence[str]
    other: Sequence[str]
    verdict: str = ""
    """Of VERDICTS; empty where there is nothing to compare."""

    @property
    def verdict_told(self) -> str:
        return str(VERDICTS.get(self.verdict, ""))


def lines(one: Customer, other: Customer, *, user: User) -> list[Line]:
    """What at least one of the two has."""

    def told(label: str | Promise, tell: Callable[[Customer], Sequence[str]]) -> Line:
        return Line(label, tell(one), tell(other))

    left, right = _records(one), _records(other)
    alike = _alike(left, right)
    found = [_field(name, left, right, is_alike=name in alike) for name in FIELDS]
    found.append(told(_("Tags"), _tags))
    found += [told(label, tell) for label, tell, permission in WRITTEN if user.has_perm(permission)]
    found += [told(capfirst(str(kind.label)), identifiers(kind)) for kind in IdentityKind]
    found += [told(fact.label, by_number(fact.tell)) for fact in facts() if user.has_perm(fact.permission)]
    found += [told(_("Merged records"), _merged), told(_("Record since"), _since)]
    return [line for line in found if line.one or line.other]


def identifiers(kind: IdentityKind) -> Callable[[Customer], Sequence[str]]:
    """Of all records of the person; what only a browser claimed is marked."""

    def tell(person: Customer) -> Sequence[str]:
        known = Identity.objects.filter(customer__canonical=person, kind=kind).order_by("id")
        return [it.value if it.is_trusted else _("%(value)s (unconfirmed)") % {"value": it.value} for it in known]

    return tell


def notes(person: Customer) -> Sequence[str]:
    written = Note.objects.of_person(person.pk)
    newest = [f"{_day(note.created_at)} · {note}" for note in written.order_by("-id")[:NEWEST]]
    return [number_format(count), *newest] if (count := written.count()) > NEWEST else newest


def companies(person: Customer) -> Sequence[str]:
    """Where the person belongs, or who belongs to the company; by any of its records."""
    found = Membership.objects.of(person.pk).select_related("company__canonical", "person__canonical").order_by("id")
    return [_other_end(it, person) for it in found[:MOST_SHOWN]]


def by_number(tell: Callable[[int], Sequence[str]]) -> Callable[[Customer], Sequence[str]]:
    return lambda person: tell(person.pk)


def _records(person: Customer) -> Sequence[Customer]:
    """The one that stands for the person, then the others, newest first."""
    return [person, *person.group.exclude(pk=person.pk).select_related("owner").order_by("-id")[:MOST_SHOWN]]


def _alike(left: Sequence[Customer], right: Sequence[Customer]) -> set[str]:
    """Fields spelled alike by any of their records: Mueller and Müller, Torstr. and Torstraße."""
    names = ("given_name", "family_name", "company_name", "street")
    folded = {pk: found.card for pk, found in cards(record.pk for record in [*left, *right]).items()}
    pairs = [(folded.get(one.pk, Card()), folded.get(other.pk, Card())) for one, other in product(left, right)]
    return {
        name
        for name in names
        if any(likeness(getattr(one, name), getattr(other, name)) >= ALIKE for one, other in pairs)
    }


def _field(name: str, left: Sequence[Customer], right: Sequence[Customer], *, is_alike: bool) -> Line:
    """What all records of the two persons say."""
    label = capfirst(str(Customer._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    one, other = _said(left, name), _said(right, name)
    verdict = ""
    if one and other:
        verdict = "same" if one.keys() & other.keys() else "similar" if is_alike else "different"
    elif one or other:
        verdict = "single"
    return Line(label, [*one.values()], [*other.values()], verdict)


def _said(records: Sequence[Customer], name: str) -> dict[str, str]:
    """By its spelling without case and spaces; the first writing of each."""
    found: dict[str, str] = {}
    for record in records:
        if text := _shown(record, name):
            found.setdefault(" ".join(text.casefold().split()), text)
    return found


def _shown(customer: Customer, name: str) -> str:
    display: Any = getattr(customer, f"get_{name}_display", None)
    return str((display() if display else getattr(customer, name)) or "")


def _tags(person: Customer) -> Sequence[str]:
    return [str(tag) for tag in Tag.objects.of_person(person.pk).order_by("name")]


def _other_end(membership: Membership, person: Customer) -> str:
    is_company = membership.company.canonical_id == person.pk
    other = (membership.person if is_company else membership.company).person
    return f"{other} ({membership.role})" if membership.role else str(other)


def _merged(person: Customer) -> Sequence[str]:
    return [f"{record} ({record.pk})" for record in person.group.exclude(pk=person.pk).order_by("id")[:MOST_SHOWN]]


def _since(person: Customer) -> Sequence[str]:
    """Of the oldest record."""
    return [_day(min(record.created_at for record in [person, *person.group.order_by("created_at")[:1]]))]


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")


WRITTEN: Sequence[tuple[str | Promise, Callable[[Customer], Sequence[str]], str]] = (
    (gettext_lazy("Companies and members"), companies, "customers.view_membership"),
    (gettext_lazy("Notes"), notes, "customers.view_note"),
)
