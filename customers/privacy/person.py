"""Somebody of whom all is to be found: the records that are one person, and every identifier they have."""

from collections.abc import Collection
from dataclasses import dataclass

from customers.models import Consent, Customer, Identity

# Shorter ones would be found in the words of others.
SHORTEST_TRACE = 5


@dataclass(frozen=True)
class Person:
    records: frozenset[int]
    values: frozenset[str]
    """Of identities and consents, as they are stored."""
    names: frozenset[tuple[str, ...]]
    """Given and family name, or that of a company."""

    @classmethod
    def of(cls, records: Collection[int]) -> "Person":
        """With all records merged with these today."""
        canonical = Customer.objects.filter(pk__in=records).values("canonical")
        group = frozenset(Customer.objects.filter(canonical__in=canonical).values_list("pk", flat=True))
        values = set(Identity.objects.filter(customer__in=group).values_list("value", flat=True))
        values |= set(Consent.objects.filter(customer__in=group).exclude(address="").values_list("address", flat=True))
        names = Customer.objects.filter(pk__in=group).values_list("given_name", "family_name", "company_name")
        people = {(given, family) for given, family, _company in names if given and family}
        companies = {(company,) for _given, _family, company in names if len(company) >= SHORTEST_TRACE}
        return cls(records=group, values=frozenset(values), names=frozenset(people | companies))

    @property
    def traces(self) -> list[str]:
        """What the person is recognised by in text that nobody has taken apart, in lower case."""
        return sorted({value.lower() for value in self.values if len(value) >= SHORTEST_TRACE})

    def is_traced_in(self, text: str) -> bool:
        lowered = text.lower()
        return any(trace in lowered for trace in self.traces)
