from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from customers.search import SpelledAlike

if TYPE_CHECKING:
    from accounts.models import User
    from customers.models import Consent, Customer, CustomerImport, Identity, Merge, Note, Tag


FULL_NAME = Concat("given_name", Value(" "), "family_name", Value(" "), "company_name")
FEWEST_DIGITS = 4


def _identifier_like(term: str) -> Q:
    begins = Q(identities__value__startswith=term) | Q(identities__value__startswith=term.lower())
    digits = "".join(sign for sign in term if sign.isdigit()).lstrip("0")
    if len(digits) >= FEWEST_DIGITS and not any(sign.isalpha() for sign in term):
        begins |= Q(identities__kind="phone", identities__value__contains=digits)
    return begins


class CustomerQuerySet(models.QuerySet["Customer"]):
    def canonical(self) -> CustomerQuerySet:
        """One row per person: merged records are left out."""
        return self.filter(canonical_id=F("id"))

    def merged(self) -> CustomerQuerySet:
        return self.exclude(canonical_id=F("id"))

    def known(self) -> CustomerQuerySet:
        return self.filter(is_known=True)

    def hold(self) -> CustomerQuerySet:
        """Locks the rows until the transaction ends: no consent changes while a mail is being decided."""
        return self.order_by("id").select_for_update(of=("self",), no_key=True)

    def found_by(self, term: str) -> CustomerQuerySet:
        """Persons with every word of the term in their name, or with an identifier that begins with it."""
        if not term.strip():
            return self.none()
        records = self.model._default_manager.alias(spelled=SpelledAlike(FULL_NAME))
        for word in term.split():
            records = records.filter(spelled__contains=SpelledAlike(Value(word)))
        identified = self.model._default_manager.filter(_identifier_like(term.strip()))
        # A union and no OR: each half then uses its index.
        found = records.values("canonical_id").union(identified.values("canonical_id"))
        return self.canonical().filter(pk__in=found)

    def tagged(self, tag: Tag) -> CustomerQuerySet:
        """Persons of whom any record has this tag."""
        return self.filter(pk__in=self.model._default_manager.filter(tags=tag).values("canonical_id"))

    def visible_to(self, user: User) -> CustomerQuerySet:
        """The one place where the view on customers is scoped."""
        return self if user.has_perm("customers.view_customer") else self.none()


class IdentityQuerySet(models.QuerySet["Identity"]):
    def beginning(self, text: str) -> IdentityQuerySet:
        return self.filter(Q(value__startswith=text) | Q(value__startswith=text.lower()))

    def mailable(self) -> IdentityQuerySet:
        """Addresses that a mail may be written to: e-mail given to a server, not claimed by a browser."""
        return self.filter(kind="email", is_trusted=True)


class MergeQuerySet(models.QuerySet["Merge"]):
    def standing(self) -> MergeQuerySet:
        return self.filter(undone_at=None)

    def undone_between(self, one: int, other: int) -> MergeQuerySet:
        pair = Q(kept=one, merged=other) | Q(kept=other, merged=one)
        return self.filter(pair, undone_at__isnull=False)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def newest_first(self) -> ConsentQuerySet:
        return self.order_by("-recorded_at", "-id")


class TagQuerySet(models.QuerySet["Tag"]):
    def named_like(self, term: str) -> TagQuerySet:
        return self.alias(spelled=SpelledAlike("name")).filter(spelled__contains=SpelledAlike(Value(term.strip())))

    def of_person(self, pk: int) -> TagQuerySet:
        """All tags that any record of the person has."""
        return self.filter(customers__canonical_id=pk).distinct()


class NoteQuerySet(models.QuerySet["Note"]):
    def of_person(self, pk: int) -> NoteQuerySet:
        return self.filter(customer__canonical_id=pk)

    def written_by(self, user: User) -> NoteQuerySet:
        return self.filter(author_id=user.pk)


class CustomerImportQuerySet(models.QuerySet["CustomerImport"]):
    def at_work(self) -> CustomerImportQuerySet:
        return self.filter(state__in=("checking", "running")).order_by("id")

    def visible_to(self, user: User) -> CustomerImportQuerySet:
        return self if user.has_perm("customers.add_customerimport") else self.none()
