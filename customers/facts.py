"""What other apps tell of a person where two are laid side by side; they add it in AppConfig.ready()."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Fact:
    label: "StrOrPromise"
    tell: Callable[[int], Sequence[str]]
    """Lines about the person with this canonical record."""
    permission: str


_facts: dict[str, Fact] = {}


def register(added: Mapping[str, Fact]) -> None:
    _facts.update(added)


def facts() -> Sequence[Fact]:
    return [*_facts.values()]
