"""Who an event belongs to, decided from its identifiers alone; customers.claims loads and stores.

- The strongest identifier that is known decides; new identifiers join it.
- An anonymous person who turns out to be a known one is merged into that one.
- Two known persons are merged only when a verified source names identifiers of both that are unique to a person.
- What only a browser claimed gives way to what a verified source says.
- Known persons who meet without proof stay two; that they met is kept for a suggestion (customers.actions.suggesting).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from customers.identity import ANONYMOUS, BY_STRENGTH, UNIQUE_TO_A_PERSON, Identifier

# What two known people have in common when an event names an identifier of each and proves nothing.
EVIDENCE = {"phone": "phone", "anonymous_id": "device"}
OTHER_EVIDENCE = "identifier"
WEAKNESS = {kind: number for number, kind in enumerate(BY_STRENGTH)}


@dataclass(eq=False)
class Person:
    """A merged group of records. `is_verified`: a verified source named at least one of its identifiers.

    `pk` is its canonical record, none while it is not stored.
    """

    pk: int | None = None
    is_known: bool = False
    is_verified: bool = False
    country: str = ""
    merged_into: "Person | None" = None

    def now(self) -> "Person":
        person = self
        while person.merged_into:
            person = person.merged_into
        return person


@dataclass(eq=False)
class Claim:
    """That an identifier belongs to a record; records not yet stored have negative numbers."""

    record: int
    person: Person
    is_trusted: bool
    is_record_known: bool = False
    is_by_hand: bool = False


class FoundMerge(NamedTuple):
    kept: int
    merged: int
    found_by: Identifier


class RefusedMerge(NamedTuple):
    record: int
    other: int
    evidence: str


class Recognition:
    """Reads events in order; afterwards holds what is to be stored."""

    def __init__(self, claims: dict[Identifier, Claim], *, is_verified: bool) -> None:
        self.claims = claims
        self.is_verified = is_verified
        self.new_records = 0
        self.new: dict[Identifier, Claim] = {}
        self.confirmed: dict[Identifier, Claim] = {}
        # Given by hand, and now a touchpoint came with it.
        self.named = [identifier for identifier, claim in claims.items() if claim.is_by_hand]
        self.became_known: set[int] = set()
        self.merges: list[FoundMerge] = []
        self.refused: set[RefusedMerge] = set()

    @property
    def is_news(self) -> bool:
        return bool(self.new or self.confirmed or self.named or self.became_known or self.merges or self.refused)

    @property
    def touched(self) -> set[int]:
        """Stored records whose groups are to be held: they are merged, or become known."""
        ends = {record for merge in self.merges for record in (merge.kept, merge.merged)}
        return {record for record in ends | self.became_known if record > 0}

    def record_of(self, identifiers: Iterable[Identifier]) -> int:
        """The number of the record that the event belongs to."""
        ordered = sorted(identifiers, key=_weakness)
        main = self._main(ordered) or self._new_record()
        for identifier in ordered:
            claim = self.claims.get(identifier)
            if claim is None:
                self._add(identifier, main)
            elif claim.person.now() is not main.person.now():
                self._meet(identifier, claim, main, strongest=ordered[0])
            elif self.is_verified and not claim.is_trusted:
                self._confirm(identifier, claim)
        return main.record

    def known_records(self) -> set[int]:
        """New records that are known from the start."""
        return {
            claim.record for identifier, claim in self.new.items() if claim.record < 0 and not _is_anonymous(identifier)
        }

    def _main(self, ordered: Sequence[Identifier]) -> Claim | None:
        for identifier in ordered:
            claim = self.claims.get(identifier)
            if claim and (
                identifier == ordered[0]
                or not claim.person.now().is_known
                or ordered[0].kind not in UNIQUE_TO_A_PERSON
                or self._is_proof(identifier, claim)
            ):
                return claim
        return None

    def _new_record(self) -> Claim:
        self.new_records += 1
        return Claim(-self.new_records, Person(), is_trusted=self.is_verified)

    def _add(self, identifier: Identifier, main: Claim) -> None:
        person = main.person.now()
        is_known = main.is_record_known or not _is_anonymous(identifier)
        claim = Claim(main.record, person, is_trusted=self.is_verified, is_record_known=is_known)
        self.claims[identifier] = self.new[identifier] = claim
        if _is_anonymous(identifier):
            return
        person.is_verified |= self.is_verified
        self._know(main)

    def _know(self, main: Claim) -> None:
        main.person.now().is_known = True
        if main.record > 0 and not main.is_record_known:
            main.is_record_known = True
            self.became_known.add(main.record)

    def _meet(self, identifier: Identifier, other: Claim, main: Claim, *, strongest: Identifier) -> None:
        is_unique = identifier.kind in UNIQUE_TO_A_PERSON and strongest.kind in UNIQUE_TO_A_PERSON
        if not other.person.now().is_known or (is_unique and self._is_proof(identifier, other)):
            self._merge(identifier, other, main)
        elif is_unique and self.is_verified:
            # Only a browser claimed it, and its person has verified identifiers: the claim moves.
            other.record, other.person, other.is_record_known = main.record, main.person, True
            self._know(main)
            self._confirm(identifier, other)
        elif main.person.now().is_known:
            evidence = EVIDENCE.get(identifier.kind, OTHER_EVIDENCE)
            self.refused.add(RefusedMerge(main.record, other.record, evidence))

    def _is_proof(self, identifier: Identifier, claim: Claim) -> bool:
        """Whether naming this identifier shows that the event is about the same person."""
        is_reliable = claim.is_trusted or not claim.person.now().is_verified
        return self.is_verified and identifier.kind in UNIQUE_TO_A_PERSON and is_reliable

    def _merge(self, identifier: Identifier, other: Claim, main: Claim) -> None:
        kept, merged = main.person.now(), other.person.now()
        kept.is_known |= merged.is_known
        kept.is_verified |= merged.is_verified
        merged.merged_into = kept
        self.merges.append(FoundMerge(main.record, other.record, identifier))
        if self.is_verified and not other.is_trusted:
            self._confirm(identifier, other)

    def _confirm(self, identifier: Identifier, claim: Claim) -> None:
        claim.is_trusted = True
        if not _is_anonymous(identifier):
            claim.person.now().is_verified = True
        if identifier not in self.new:
            self.confirmed[identifier] = claim


def _weakness(identifier: Identifier) -> int:
    return WEAKNESS[identifier.kind]


def _is_anonymous(identifier: Identifier) -> bool:
    return identifier.kind in ANONYMOUS
