"""Everything held about a person, for the person (Art. 15 DSGVO): as data for machines and as a page to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst

from accounts.visible import visible
from customers.models import Customer
from customers.privacy.elsewhere import elsewhere
from customers.privacy.holdings import Holding, holdings
from customers.privacy.person import Person

# Colleagues are named by no disclosure, and how a row is stored tells nothing.
LEFT_OUT = {"accounts.user", "accounts.team", "accounts.apikey"}


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    rows: list[dict[str, Any]]
    labels: dict[str, str]

    def readable(self) -> Iterator[list[tuple[str, str]]]:
        """Per row what is filled in, with its label; characters that cannot be seen are shown."""
        for row in self.rows:
            yield [
                (self.labels.get(name, name), visible(str(value)))
                for name, value in row.items()
                if value not in (None, "", [], {})
            ]


def sections(person: Person) -> list[Section]:
    """The person first, then what points at them; places that hold nothing are left out."""
    near_first = sorted(holdings(), key=lambda it: (it.model is not Customer, it.depth, it.model._meta.label))
    found = [_of_model(holding, person) for holding in near_first]
    found += [Section(place.key, capfirst(str(place.label)), place.find(person), {}) for place in elsewhere()]
    return [section for section in found if section.rows]


def as_data(person: Person) -> dict[str, Any]:
    return {section.key: section.rows for section in sections(person)}


def _of_model(holding: Holding, person: Person) -> Section:
    options = holding.model._meta
    fields = [field for field in options.concrete_fields if _is_told(field)]
    named = [field.name for field in fields if field.is_relation and field.related_model is not Customer]
    rows = holding.of(person.records).select_related(*named)
    return Section(
        key=options.label,
        title=capfirst(str(options.verbose_name_plural)),
        rows=[{field.name: _value(row, field) for field in fields} for row in rows.iterator(chunk_size=1000)],
        labels={field.name: capfirst(str(field.verbose_name)) for field in fields},
    )


def _is_told(field: "models.Field[Any, Any]") -> bool:
    target: Any = field.related_model
    return target is None or target._meta.label_lower not in LEFT_OUT


def _value(row: models.Model, field: "models.Field[Any, Any]") -> Any:
    if not field.is_relation:
        return getattr(row, field.name)
    if field.related_model is Customer or getattr(row, field.attname) is None:
        return getattr(row, field.attname)
    return str(getattr(row, field.name))
