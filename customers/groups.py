"""Which records are one person: the connected groups of the standing merges. Free of the database."""

from collections import defaultdict
from collections.abc import Iterable

Edge = tuple[int, int]
"""(kept, merged)"""


def canonical_records(records: Iterable[int], merges: Iterable[Edge]) -> dict[int, int]:
    """The record that stands for each: of its group the oldest that was never merged into another.

    It depends on the standing merges alone, so undoing a merge brings back exactly what was before.
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
            canonical |= dict.fromkeys(group, min(group - given_up or group))
    return canonical


def _reached_from(start: int, neighbours: dict[int, set[int]]) -> set[int]:
    reached, waiting = {start}, [start]
    while waiting:
        new = neighbours[waiting.pop()] - reached
        reached |= new
        waiting.extend(new)
    return reached
