"""Everything held about a person, for the person (Art. 15 DSGVO): as data for machines and as a page to read."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.text import capfirst

from accounts.visible import visible
from customers.models import Customer
from customers.privacy.elsewhere import Elsewhere, elsewhere
from customers.privacy.holdings import Holding, holdings
from customers.privacy.person import Person
from customers.privacy.wording import as_words, told

Field = Any  # of which model, only the row knows

# Colleagues are named by no disclosure.
LEFT_OUT = {"accounts.user", "accounts.team", "accounts.apikey"}


@dataclass
class Section:
    key: str
    title: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    """As stored."""
    readable: list[list[tuple[str, str]]] = field(default_factory=list)
    """Per row what is filled in, with its label."""


def sections(person: Person) -> list[Section]:
    """The person first, then what points at them; places that hold nothing are left out."""
    near_first = sorted(holdings(), key=lambda it: (it.model is not Customer, it.depth, it.model._meta.label))
    found = [_of_model(holding, person) for holding in near_first]
    found += [_of_place(place, person) for place in elsewhere()]
    return [section for section in found if section.rows]


def as_data(person: Person) -> dict[str, Any]:
    return {section.key: section.rows for section in sections(person)}


def _of_model(holding: Holding, person: Person) -> Section:
    options = holding.model._meta
    fields = [it for it in options.concrete_fields if not _names_a_colleague(it)]
    named = [it.name for it in fields if it.is_relation and it.related_model is not Customer]
    section = Section(key=options.label, title=_title(holding.model))
    for row in holding.of(person.records).select_related(*named).iterator(chunk_size=1000):
        section.rows.append({it.name: _stored(row, it) for it in fields})
        shown = ((_label(it), told(row, it)) for it in fields if not it.primary_key)
        section.readable.append([(label, text) for label, text in shown if text])
    return section


def _of_place(place: Elsewhere, person: Person) -> Section:
    rows = place.find(person)
    readable = [[("", visible(as_words(value))) for value in row.values() if value] for row in rows]
    return Section(key=place.key, title=capfirst(str(place.label)), rows=rows, readable=readable)


def _names_a_colleague(it: Field) -> bool:
    return it.is_relation and it.related_model._meta.label_lower in LEFT_OUT


def _stored(row: models.Model, it: Field) -> Any:
    """Numbers of customers stay numbers; other relations are told by name."""
    value = getattr(row, it.attname)
    is_named = it.is_relation and it.related_model is not Customer and value is not None
    return str(getattr(row, it.name)) if is_named else value


def _title(model: type[models.Model]) -> str:
    """A table that Django made, for tags and the like, has no words of its own."""
    told_of: Any = model
    if model._meta.auto_created:
        told_of = [it.related_model for it in model._meta.concrete_fields if it.is_relation][-1]
    return capfirst(str(told_of._meta.verbose_name_plural))


def _label(it: Field) -> str:
    return capfirst(str(it.related_model._meta.verbose_name if it.model._meta.auto_created else it.verbose_name))
