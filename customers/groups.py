"""Which records are one person: the connected groups of the standing merges. Free of the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

Edge = tuple[int, int]
"""(kept, merged)"""


def canonical_records(records: Iterable[int], merges: Iterable[Edge], *, known: Collection[int]) -> dict[int, int]:
    """The record that stands for each: of its group the oldest that was never merged into another.

    Where the group holds known records, one of them stands for it, so a person is known when its canonical record is.
    It depends on the standing merges and on who is known alone, so undoing a merge brings back exactly what was before.
    """
    merges = list(merges)
    neighbours = defaultdict(set)
    for kept, merged in merges:
        neighbours[kept].add(merged)
        neighbours[merged].add(kept)
    given_up = {merged for _kept, merged in merges}
    canonical: dict[int, int] = {}
    for record in records:
        if record not in canonical:
            group = _reached_from(record, neighbours)
            # Merged in a circle, all were given up: then the oldest of all.
            stands = min(group, key=lambda it: (it not in known, it in given_up, it))
            canonical |= dict.fromkeys(group, stands)
    return canonical


def allowed_merges(wanted: Sequence[Edge], person_of: Mapping[int, int], apart: Iterable[Edge]) -> list[Edge]:
    """Those that may be made by machine: none brings two records together again that staff took apart.

    Also not by a detour: where A and B were taken apart, a merge of A with C is refused when B is one with C.
    """
    person_of = dict(person_of)
    apart = list(apart)
    allowed = []
    for kept, merged in wanted:
        stays, goes = person_of.get(kept, kept), person_of.get(merged, merged)
        ends = {frozenset({person_of.get(one, one), person_of.get(other, other)}) for one, other in apart}
        if stays != goes and frozenset({stays, goes}) not in ends:
            allowed.append((kept, merged))
            person_of |= {kept: stays, merged: stays}
            person_of |= {record: stays for record, person in person_of.items() if person == goes}
    return allowed


def _reached_from(start: int, neighbours: dict[int, set[int]]) -> set[int]:
    reached, waiting = {start}, [start]
    while waiting:
        new = neighbours[waiting.pop()] - reached
        reached |= new
        waiting.extend(new)
    return reached
