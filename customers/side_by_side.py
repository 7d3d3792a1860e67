"""Two persons side by side: every field and identifier, and in a word whether they agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from customers.candidates import cards
from customers.facts import facts
from customers.models import Customer, Identity
from customers.models.identity import IdentityKind
from customers.similarity import Card, likeness

FIELDS = (
    "kind", "salutation", "title", "given_name", "family_name", "company_name", "street", "postal_code", "city",
    "country", "language", "time_zone", "owner",
)  # fmt: skip
# A weaker likeness than that of suggestions: it only directs the eye.
ALIKE = 0.4
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

    folded = {pk: found.card for pk, found in cards([one.pk, other.pk]).items()}
    alike = _alike(folded.get(one.pk, Card()), folded.get(other.pk, Card()))
    found = [_field(name, one, other, is_alike=name in alike) for name in FIELDS]
    found.append(told(_("Tags"), _tags))
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


def by_number(tell: Callable[[int], Sequence[str]]) -> Callable[[Customer], Sequence[str]]:
    return lambda person: tell(person.pk)


def _alike(one: Card, other: Card) -> set[str]:
    """Fields spelled alike: Mueller and Müller, Torstr. and Torstraße."""
    names = ("given_name", "family_name", "company_name", "street")
    return {name for name in names if likeness(getattr(one, name), getattr(other, name)) >= ALIKE}


def _field(name: str, one: Customer, other: Customer, *, is_alike: bool) -> Line:
    label = capfirst(str(Customer._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    left, right = _shown(one, name), _shown(other, name)
    verdict = ""
    if left and right:
        is_same = left.casefold().split() == right.casefold().split()
        verdict = "same" if is_same else "similar" if is_alike else "different"
    elif left or right:
        verdict = "single"
    return Line(label, [left] if left else [], [right] if right else [], verdict)


def _shown(customer: Customer, name: str) -> str:
    display: Any = getattr(customer, f"get_{name}_display", None)
    return str((display() if display else getattr(customer, name)) or "")


def _tags(person: Customer) -> Sequence[str]:
    return [str(tag) for tag in person.tags.all()]


def _merged(person: Customer) -> Sequence[str]:
    return [f"{record} ({record.pk})" for record in person.group.exclude(pk=person.pk).order_by("id")[:10]]


def _since(person: Customer) -> Sequence[str]:
    return [date_format(timezone.localtime(person.created_at), "SHORT_DATE_FORMAT")]
