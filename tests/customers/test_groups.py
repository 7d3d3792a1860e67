from hypothesis import given
from hypothesis import strategies as st

from customers.groups import allowed_merges, canonical_records
from tests.customers.graph import plain_groups

RECORDS = range(1, 8)
records = st.sampled_from(RECORDS)
edges = st.lists(st.tuples(records, records).filter(lambda pair: pair[0] != pair[1]), max_size=9)


def test_the_kept_record_stands_for_both() -> None:
    assert canonical_records([1, 2], [(2, 1)], known=()) == {1: 2, 2: 2}


def test_the_oldest_stands_where_several_were_kept() -> None:
    assert canonical_records([1, 2, 3], [(3, 1), (2, 1)], known=()) == {1: 2, 2: 2, 3: 2}


def test_the_oldest_stands_for_a_circle() -> None:
    assert canonical_records([1, 2], [(2, 1), (1, 2)], known=()) == {1: 1, 2: 1}


def test_a_known_record_stands_for_anonymous_ones() -> None:
    assert canonical_records([1, 2, 3], [(1, 2), (1, 3)], known=[2]) == {1: 2, 2: 2, 3: 2}


@given(edges, st.sets(records))
def test_it_gives_the_groups_of_the_plain_union_find(merges: list[tuple[int, int]], known: set[int]) -> None:
    canonical = canonical_records(RECORDS, merges, known=known)

    for group in plain_groups(RECORDS, merges):
        (stands,) = {canonical[record] for record in group}
        assert stands in group
        assert (stands in known) == bool(group & known)


@given(edges, st.sets(records))
def test_it_does_not_depend_on_the_order(merges: list[tuple[int, int]], known: set[int]) -> None:
    one = canonical_records(RECORDS, merges, known=known)
    assert one == canonical_records(reversed(RECORDS), sorted(merges), known=known)


def test_what_was_taken_apart_is_not_merged_by_machine() -> None:
    assert allowed_merges([(1, 2), (2, 1)], {}, [(2, 1)]) == []


def test_nor_by_a_detour() -> None:
    # B is one with C, and A was taken from B.
    assert allowed_merges([(1, 3)], {1: 1, 2: 2, 3: 2}, [(1, 2)]) == []
    assert allowed_merges([(1, 3), (3, 2)], {}, [(1, 2)]) == [(1, 3)]


@given(edges, edges, edges)
def test_machines_bring_nothing_together_that_was_taken_apart(
    standing: list[tuple[int, int]], apart: list[tuple[int, int]], wanted: list[tuple[int, int]]
) -> None:
    before = plain_groups(RECORDS, standing)
    allowed = allowed_merges(wanted, canonical_records(RECORDS, standing, known=()), apart)
    after = plain_groups(RECORDS, standing + allowed)

    for pair in map(set, apart):
        assert any(pair <= group for group in before) or not any(pair <= group for group in after)
    # And nothing else is refused.
    for refused in set(wanted) - set(allowed):
        together = plain_groups(RECORDS, [*standing, *allowed, refused])
        assert together == after or any(
            set(pair) <= group for pair in apart for group in together if group not in after
        )
