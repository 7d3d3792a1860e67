"""What other systems tell about people: it fills what is empty and never overwrites what somebody wrote.

Whoever writes touchpoints as well asks first whom this will change (`to_describe`, `to_join`), holds these people with
all others, and lets write only about them (docs/adr/0007-one-order-of-locks.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import transaction

from customers.models import Customer, Identity, Membership
from customers.models.customer import CustomerKind

# Filled together or not at all: half of one name and half of another is nobody's.
TOGETHER = (
    ("given_name", "family_name"),
    ("company_name",),
    ("street", "postal_code", "city", "country"),
    ("language",),
)


class Joining(NamedTuple):
    """That a person belongs to a company, by their records, and what the company is called."""

    company: int
    person: int
    name: str


class Lack(NamedTuple):
    person: Customer
    missing: dict[str, str]
    records: set[int]

    def described(self) -> Customer:
        for name, text in self.missing.items():
            setattr(self.person, name, text)
        return self.person


def to_describe(*, fields: Mapping[int, Mapping[str, str]], is_verified: bool) -> set[int]:
    """Those of these records whose people lack something of what is told about them."""
    return {record for lack in _lacks(fields, is_verified=is_verified) for record in lack.records}


@transaction.atomic(savepoint=False)
def describe_customers(*, fields: Mapping[int, Mapping[str, str]], is_verified: bool) -> None:
    """`fields` by record; their people are held. What is not verified describes only whom no verified source knows."""
    described = [it.described() for it in _lacks(fields, is_verified=is_verified)]
    if described:
        Customer.objects.bulk_update(described, [name for names in TOGETHER for name in names])


def to_join(*, joined: Sequence[Joining]) -> set[int]:
    """Those of these records that are joined anew, and companies that get their names."""
    persons = _persons(record for it in joined for record in (it.company, it.person))
    there = _pairs_there(persons)
    records = set[int]()
    for it in joined:
        company, person = persons.get(it.company), persons.get(it.person)
        if company is None or person is None or (company != person and (company.pk, person.pk) not in there):
            records |= {it.company, it.person}
        elif _is_told_news(company, it.name):
            records.add(it.company)
    return records & persons.keys()


@transaction.atomic(savepoint=False)
def join_companies(*, joined: Sequence[Joining]) -> None:
    """Companies and people are held."""
    persons = _persons(record for it in joined for record in (it.company, it.person))
    for company, name in {persons[it.company]: it.name for it in joined}.items():
        if _is_told_news(company, name):
            _make_company(company, name)
    pairs = {(persons[it.company].pk, persons[it.person].pk) for it in joined} - _pairs_there(persons)
    Membership.objects.bulk_create(
        (Membership(company_id=company, person_id=person) for company, person in sorted(pairs) if company != person),
        ignore_conflicts=True,
    )


def _lacks(fields: Mapping[int, Mapping[str, str]], *, is_verified: bool) -> list[Lack]:
    told: dict[Customer, dict[str, str]] = {}
    records: dict[Customer, set[int]] = {}
    for record, person in _persons(fields).items():
        told.setdefault(person, {}).update(fields[record])
        records.setdefault(person, set()).add(record)
    lacks = [Lack(person, _missing(person, them), records[person]) for person, them in told.items()]
    lacks = [lack for lack in lacks if lack.missing]
    if is_verified or not lacks:
        return lacks
    trusted = Identity.objects.filter(customer__canonical__in=[lack.person for lack in lacks], is_trusted=True)
    known = set(trusted.values_list("customer__canonical", flat=True))
    return [lack for lack in lacks if lack.person.pk not in known]


def _persons(records: Iterable[int]) -> dict[int, Customer]:
    """Who these records stand for; those that are not stored yet have negative numbers."""
    stored = {record for record in records if record > 0}
    if not stored:
        return {}
    return {it.pk: it.person for it in Customer.objects.filter(pk__in=stored).select_related("canonical")}


def _pairs_there(persons: Mapping[int, Customer]) -> set[tuple[int, int]]:
    """Companies and their members, by canonical records."""
    if not persons:
        return set()
    people = persons.values()
    there = Membership.objects.filter(company__canonical__in=people, person__canonical__in=people)
    return {
        (it.company.person.pk, it.person.person.pk)
        for it in there.select_related("company__canonical", "person__canonical")
    }


def _missing(person: Customer, told: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for names in TOGETHER:
        if not any(getattr(person, name) for name in names):
            found |= {name: told[name] for name in names if name in told}
    return found


def _is_told_news(company: Customer, name: str) -> bool:
    return _is_bare(company) or bool(name and not company.company_name)


def _is_bare(company: Customer) -> bool:
    """Nobody knows yet that this is a company."""
    return company.kind == CustomerKind.PERSON and not company.given_name and not company.family_name


def _make_company(company: Customer, name: str) -> None:
    company.kind = CustomerKind.COMPANY if _is_bare(company) else company.kind
    company.company_name = company.company_name or name[:200]
    company.save(update_fields=["kind", "company_name"])
