"""The plain definition of who is one person, written down a second time: union-find over the standing merges."""

from collections.abc import Iterable

from customers.models import Customer, Merge


def plain_groups(records: Iterable[int], edges: Iterable[tuple[int, int]]) -> set[frozenset[int]]:
    parent = {record: record for record in records}

    def root(record: int) -> int:
        while parent[record] != record:
            record = parent[record]
        return record

    for one, other in edges:
        parent[root(one)] = root(other)
    groups: dict[int, set[int]] = {}
    for record in parent:
        groups.setdefault(root(record), set()).add(record)
    return {frozenset(group) for group in groups.values()}


def assert_canonical(records: Iterable[int] | None = None) -> None:
    """The stored groups are the connected parts of the standing merges; each has one member that stands for all."""
    rows = Customer.objects.all() if records is None else Customer.objects.filter(pk__in=records)
    stored = dict(rows.values_list("pk", "canonical_id"))
    edges = Merge.objects.standing().filter(kept__in=stored).values_list("kept_id", "merged_id")
    groups: dict[int, set[int]] = {}
    for record, canonical in stored.items():
        groups.setdefault(canonical, set()).add(record)
    assert {frozenset(group) for group in groups.values()} == plain_groups(stored, edges)
    assert all(canonical in group for canonical, group in groups.items())
