"""Where a person leaves traces that no relation leads to: registered by the app that keeps them, in ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customers.privacy.person import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Elsewhere:
    """`find` gives what is told to the person, `erase` removes it and says how much; both may be asked again."""

    key: str
    label: "StrOrPromise"
    find: Callable[[Person], list[dict[str, Any]]]
    erase: Callable[[Person], int]
    # Files cannot be rolled back, so they go before the rows that tell whose they are.
    is_outside_database: bool = False


_registered: dict[str, Elsewhere] = {}


def register_elsewhere(place: Elsewhere) -> None:
    _registered[place.key] = place


def elsewhere() -> list[Elsewhere]:
    return sorted(_registered.values(), key=lambda place: place.key)
