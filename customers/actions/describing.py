"""What other systems tell about people: it fills what is empty and never overwrites what somebody wrote."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from customers.actions.identifying import identify
from customers.claims import ask_claims, read_claims
from customers.identity import Identifier
from customers.models import Customer, Identity, Membership
from customers.models.customer import CustomerKind

# Filled together or not at all: half of one name and half of another is nobody's.
TOGETHER = (
    ("given_name", "family_name"),
    ("company_name",),
    ("street", "postal_code", "city", "country"),
    ("language",),
)


@transaction.atomic(savepoint=False)
def describe_customers(*, fields: Mapping[int, Mapping[str, str]], is_verified: bool) -> None:
    """`fields` by record. What is not verified describes only people whom no verified source knows."""
    told: dict[int, dict[str, str]] = {}
    for record, person in Customer.objects.filter(pk__in=fields).values_list("pk", "canonical_id"):
        told.setdefault(person or record, {}).update(fields[record])
    if not is_verified:
        trusted = Identity.objects.filter(customer__canonical_id__in=told, is_trusted=True)
        for known in set(trusted.values_list("customer__canonical_id", flat=True)):
            told.pop(known or 0, None)
    people = Customer.objects.filter(pk__in=told)
    if any(_missing(person, told[person.pk]) for person in people):
        described = [_described(person, told[person.pk]) for person in people.hold()]
        Customer.objects.bulk_update(described, [name for names in TOGETHER for name in names])


@transaction.atomic(savepoint=False)
def join_companies(*, joined: Sequence[tuple[int, Identifier, str]]) -> None:
    """Records of people, the companies they belong to and the names of these. May raise LostRaceError."""
    identifiers = sorted({identifier for _record, identifier, _name in joined})
    records = identify(
        events=[[it] for it in identifiers], claims=read_claims(ask_claims(identifiers)), is_verified=True
    )
    company_of = dict(zip(identifiers, records, strict=True))
    named = {company_of[identifier]: name for _record, identifier, name in joined}
    for company in Customer.objects.filter(pk__in=named).hold():
        _make_company(company, named[company.pk])
    canonical = dict(
        Customer.objects.filter(pk__in={record for record, *_rest in joined} | named.keys()).values_list(
            "pk", "canonical_id"
        )
    )
    pairs = {(canonical[company_of[identifier]], canonical[record]) for record, identifier, _name in joined}
    Membership.objects.bulk_create(
        (Membership(company_id=company, person_id=person) for company, person in sorted(pairs) if company != person),
        ignore_conflicts=True,
    )


def _described(person: Customer, told: Mapping[str, str]) -> Customer:
    for name, text in _missing(person, told).items():
        setattr(person, name, text)
    return person


def _missing(person: Customer, told: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for names in TOGETHER:
        if not any(getattr(person, name) for name in names):
            found |= {name: told[name] for name in names if name in told}
    return found


def _make_company(company: Customer, name: str) -> None:
    is_bare = company.kind == CustomerKind.PERSON and not company.given_name and not company.family_name
    if not is_bare and (company.company_name or not name):
        return
    company.kind = CustomerKind.COMPANY if is_bare else company.kind
    company.company_name = company.company_name or name[:200]
    company.save(update_fields=["kind", "company_name"])
