from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from customers.search import NAME_WORDS, IsAnyOf, SpelledAlike, is_any, parts_of_names, similar_people, words_of

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from customers.models import (
        Consent,
        ConsentRequest,
        Customer,
        CustomerImport,
        Erasure,
        Identity,
        Membership,
        Merge,
        MergeSuggestion,
        Note,
        Pause,
        RetentionRule,
        Tag,
    )


# Fewer begin too many identifiers, or stand in too many phone numbers.
FEWEST_SIGNS, FEWEST_DIGITS = 3, 4


def _identifier_like(term: str) -> Q:
    begins = Q(identities__value__startswith=term) | Q(identities__value__startswith=term.lower())
    digits = "".join(sign for sign in term if sign.isdigit()).lstrip("0")
    if len(digits) >= FEWEST_DIGITS and not any(sign.isalpha() for sign in term):
        begins |= Q(identities__kind="phone", identities__value__contains=digits)
    return begins


class CustomerQuerySet(models.QuerySet["Customer"]):
    # These people have a similar name only: nobody fits what was asked for.
    is_similar = False

    def _clone(self) -> CustomerQuerySet:
        clone: CustomerQuerySet = super()._clone()  # type: ignore[misc]
        clone.is_similar = self.is_similar
        return clone

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
        """Persons with every word of the term in their name, or with an identifier that begins with it.

        Where there is none, those whose names are similar, best first, and `is_similar` says so.
        """
        words = words_of(term.strip())
        named, identified = self._named(words), self._identified(term.strip())
        if not (is_any(named) or is_any(identified)):
            return self._similar(similar_people(words))
        # A union and no OR: each half then uses its index.
        found = named.values("canonical_id").union(identified.values("canonical_id"))
        return self.filter(IsAnyOf("pk", ArraySubquery(found)))

    def _named(self, words: list[str]) -> CustomerQuerySet:
        """Records, merged ones too."""
        parts = list(parts_of_names(words))
        records: CustomerQuerySet = self.model._default_manager.order_by().alias(words=NAME_WORDS)
        return records.filter(*[Q(words__contains=part) for part in parts]) if parts else records.none()

    def _identified(self, term: str) -> CustomerQuerySet:
        """Records, merged ones too."""
        records: CustomerQuerySet = self.model._default_manager.order_by()
        return records.filter(_identifier_like(term)) if len(term) >= FEWEST_SIGNS else records.none()

    def _similar(self, people: list[int]) -> CustomerQuerySet:
        ranked = Value(people, output_field=ArrayField(models.BigIntegerField()))
        place = Func(ranked, "pk", function="array_position", output_field=models.IntegerField())
        similar = self.filter(pk__in=people).order_by(place)
        similar.is_similar = bool(people)
        return similar

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


class MergeSuggestionQuerySet(models.QuerySet["MergeSuggestion"]):
    def waiting(self, *, today: date) -> MergeSuggestionQuerySet:
        """Those to be decided now: not the ones put off, and not those whose records were merged by another way."""
        due = Q(state="open") | Q(state="later", ask_again_on__lte=today)
        # Named once more so that the partial index serves it.
        undecided = self.filter(due, state__in=["open", "later"])
        return undecided.exclude(one__canonical=F("other__canonical"))

    def about(self, records: Collection[int]) -> MergeSuggestionQuerySet:
        """Those that name any record of the persons of these."""
        group = self._records().filter(canonical__in=self._records().filter(pk__in=records).values("canonical"))
        pks = group.values("pk")
        # A union and no OR: each half then uses its index.
        return self.filter(pk__in=self.filter(one__in=pks).values("pk").union(self.filter(other__in=pks).values("pk")))

    def between(self, *persons: int | None) -> MergeSuggestionQuerySet:
        """Those whose records both belong to these persons."""
        pks = self._records().filter(canonical__in=persons).values("pk")
        return self.filter(one__in=pks, other__in=pks)

    def _records(self) -> CustomerQuerySet:
        return CustomerQuerySet(self.model._meta.get_field("one").related_model)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, canonical: int) -> MembershipQuerySet:
        """The companies of a person, or the members of a company, whichever of their records is named."""
        records = CustomerQuerySet(self.model._meta.get_field("person").related_model).filter(canonical=canonical)
        pks = records.values("pk")
        # A union and no OR: each half then uses its index.
        mine = self.filter(person__in=pks).values("pk").union(self.filter(company__in=pks).values("pk"))
        return self.filter(pk__in=mine)

    def on(self, day: date) -> MembershipQuerySet:
        """Those that stand on this day."""
        begun = Q(since_on=None) | Q(since_on__lte=day)
        return self.filter(begun & (Q(until_on=None) | Q(until_on__gte=day)))


class PauseQuerySet(models.QuerySet["Pause"]):
    def running(self, *, now: datetime) -> PauseQuerySet:
        return self.filter(ended_at=None, until_at__gt=now)

    def of_person(self, customer: Customer) -> PauseQuerySet:
        return self.filter(customer__canonical__group=customer)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def of_person(self, customer: Customer) -> ConsentQuerySet:
        """Of every record of the merged group that this one belongs to."""
        return self.filter(customer__canonical__group=customer)

    def newest_first(self) -> ConsentQuerySet:
        return self.order_by("-recorded_at", "-id")


class ConsentRequestQuerySet(models.QuerySet["ConsentRequest"]):
    def without_mail(self) -> ConsentRequestQuerySet:
        return self.filter(queued_at=None)

    def unconfirmed_since(self, moment: datetime) -> ConsentRequestQuerySet:
        return self.filter(confirmed_at=None, requested_at__lt=moment)


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

    def of_file(self, digest: str) -> CustomerImportQuerySet:
        return self.filter(digest=digest)

    def resumable(self) -> CustomerImportQuerySet:
        """Begun by the import command and not ended."""
        return self.filter(is_resumable=True, state__in=("checking", "checked", "running")).order_by("id")

    def waiting_since(self, moment: datetime) -> CustomerImportQuerySet:
        """Uploaded before and neither at work nor ended: nobody decided what happens next."""
        return self.filter(state__in=("uploaded", "checked", "failed"), created_at__lt=moment)

    def visible_to(self, user: User) -> CustomerImportQuerySet:
        return self if user.has_perm("customers.add_customerimport") else self.none()


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def unfinished(self) -> ErasureQuerySet:
        return self.filter(erased_at=None).order_by("id")


class RetentionRuleQuerySet(models.QuerySet["RetentionRule"]):
    def in_force(self) -> RetentionRuleQuerySet:
        return self.exclude(days=None).order_by("key")
