"""Whose row it is, decided from identifiers alone: found by those unique to a person, made where they are new.

A file merges nobody: a row whose identifiers belong to two persons is refused, and a phone number or external ID that
somebody else has stays there. What only a browser had claimed gives way, as in customers.recognition.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.identity import BY_STRENGTH, UNIQUE_TO_A_PERSON, Identifier

STRENGTH = {kind: number for number, kind in enumerate(BY_STRENGTH)}


@dataclass(slots=True)
class Holder:
    """Who has an identifier: a record and the person it stands for; both negative while they are not stored."""

    record: int
    person: int
    is_trusted: bool = True
    is_sure: bool = True
    """Off where only a browser says so, and of a person whom verified sources know otherwise."""


class TwoPersonsError(Exception):
    def __init__(self, one: Identifier, other: Identifier) -> None:
        super().__init__(one, other)
        self.one, self.other = one, other


class Matching:
    """Reads rows in order; afterwards holds what is new. `taken`: how many new persons there were before."""

    def __init__(self, holders: dict[Identifier, Holder], *, taken: int = 0) -> None:
        self.holders = holders
        self.last_new = -taken
        self.new: dict[Identifier, Holder] = {}
        self.moved: dict[Identifier, Holder] = {}

    def holder_of(self, identifiers: Sequence[Identifier]) -> Holder:
        """The record that the row belongs to."""
        ordered = sorted(identifiers, key=lambda it: STRENGTH[it.kind])
        found = [(it, self.holders[it]) for it in ordered if it in self.holders]
        certain = [(it, holder) for it, holder in found if it.kind in UNIQUE_TO_A_PERSON and holder.is_sure]
        for it, holder in certain[1:]:
            if holder.person != certain[0][1].person:
                raise TwoPersonsError(certain[0][0], it)
        if certain:
            main = certain[0][1]
        elif found and ordered[0].kind not in UNIQUE_TO_A_PERSON:
            main = found[0][1]
        else:
            self.last_new -= 1
            main = Holder(self.last_new, self.last_new)
        return main

    def give(self, identifiers: Sequence[Identifier], main: Holder) -> bool:
        """Note what the row adds to the record: True if anything."""
        is_news = False
        for it in identifiers:
            holder = self.holders.get(it)
            if holder is None:
                self.new[it] = self.holders[it] = Holder(main.record, main.person)
                is_news = True
            elif self._gives_way(it, holder, main):
                if it not in self.new:
                    self.moved[it] = holder
                record = holder.record if holder.person == main.person else main.record
                holder.record, holder.person = record, main.person
                holder.is_trusted = holder.is_sure = is_news = True
        return is_news

    @staticmethod
    def _gives_way(it: Identifier, holder: Holder, main: Holder) -> bool:
        if holder.person == main.person:
            return not holder.is_trusted
        return it.kind in UNIQUE_TO_A_PERSON and not holder.is_sure
