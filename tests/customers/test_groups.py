from hypothesis import given
from hypothesis import strategies as st

from customers.groups import canonical_records

RECORDS = range(1, 8)
records = st.sampled_from(RECORDS)
edges = st.lists(st.tuples(records, records).filter(lambda pair: pair[0] != pair[1]), max_size=9)


def test_the_kept_record_stands_for_both() -> None:
    assert canonical_records([1, 2], [(2, 1)]) == {1: 2, 2: 2}


def test_the_oldest_stands_where_several_were_kept() -> None:
    assert canonical_records([1, 2, 3], [(3, 1), (2, 1)]) == {1: 2, 2: 2, 3: 2}


def test_the_oldest_stands_for_a_circle() -> None:
    assert canonical_records([1, 2], [(2, 1), (1, 2)]) == {1: 1, 2: 1}


@given(edges)
def test_it_gives_the_groups_of_the_plain_union_find(merges: list[tuple[int, int]]) -> None:
    parent = {record: record for record in RECORDS}
    for kept, merged in merges:
        gone, stays = parent[merged], parent[kept]
        parent = {record: stays if root == gone else root for record, root in parent.items()}

    canonical = canonical_records(RECORDS, merges)

    for one in RECORDS:
        for other in RECORDS:
            assert (canonical[one] == canonical[other]) == (parent[one] == parent[other])
        assert canonical[canonical[one]] == canonical[one]


@given(edges)
def test_it_does_not_depend_on_the_order(merges: list[tuple[int, int]]) -> None:
    assert canonical_records(RECORDS, merges) == canonical_records(reversed(RECORDS), sorted(merges))
