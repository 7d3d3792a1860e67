from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import chain

from django.db import connection, transaction

from customers.candidates import CardOfPerson, candidates, cards
from customers.models import Comparison, MergeSuggestion
from customers.similarity import SHARED, Similarity, compare, name_likeness

PER_STEP = 100
# Of PostgreSQL's advisory locks; the feeds have theirs in customers/migrations/0004_feed.sql.
ONLY_ONE = 30001
NAMESAKE = 0.9

Pair = tuple[int, int]
People = dict[int, CardOfPerson]


@transaction.atomic
def compare_next() -> bool:
    """Compare the records noted first with all others and keep what staff should decide; False when none is left.

    What was noted goes in the same transaction, so a kill at any point loses nothing and doubles nothing.
    """
    if not _is_alone():
        return False
    noted = list(Comparison.objects.order_by("id")[:PER_STEP])
    if noted:
        _suggest(noted)
        Comparison.objects.filter(pk__in=[comparison.pk for comparison in noted]).delete()
    return bool(noted)


def _is_alone() -> bool:
    # Two that compare at once would suggest a pair twice, or wait for each other in a ring.
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [ONLY_ONE])
        return bool(cursor.fetchone()[0])


def _suggest(noted: Collection[Comparison]) -> None:
    alike = candidates({it.customer_id for it in noted if it.other_id is None})
    met = [(it.customer_id, it.other_id, it.evidence) for it in noted if it.other_id is not None]
    # Held before they are read: a decision made meanwhile is seen, or waits for us.
    known = list(MergeSuggestion.objects.about({it.customer_id for it in noted}).order_by("id").select_for_update())
    pairs = {*alike, *((one, other) for one, other, _ in met), *((it.one_id, it.other_id) for it in known)}
    people = cards(chain.from_iterable(pairs))
    shared: defaultdict[Pair | None, set[str]] = defaultdict(set)
    for one, other, evidence in met:
        shared[_persons(one, other, people)].add(evidence)
    for suggestion in known:
        shared[_persons(suggestion.one_id, suggestion.other_id, people)] |= SHARED.keys() & {*suggestion.reasons}
    _store(_compared(pairs, people, shared, namesakes=_namesakes(alike, people)), known, people)


def _compared(
    pairs: Iterable[Pair], people: People, shared: dict[Pair | None, set[str]], *, namesakes: dict[int, int]
) -> dict[Pair, Similarity]:
    """By the numbers of the two persons: the likeliest of what their records say."""
    best: dict[Pair, Similarity] = {}
    for one, other in pairs:
        persons = _persons(one, other, people)
        if persons is None:
            continue
        bearers = max(namesakes.get(one, 0), namesakes.get(other, 0))
        found = compare(people[one].card, people[other].card, shared=shared.get(persons, ()), namesakes=bearers)
        best[persons] = max(best.get(persons, found), found)
    return best


def _store(found: dict[Pair, Similarity], known: Iterable[MergeSuggestion], people: People) -> None:
    changed, gone, persons_known = [], [], set()
    for suggestion in known:
        persons = _persons(suggestion.one_id, suggestion.other_id, people)
        if persons is None:
            continue
        persons_known.add(persons)
        similarity = found[persons]
        if similarity.is_worth_asking or suggestion.was_decided:
            changed += [suggestion] if suggestion.heed(similarity) else []
        else:
            gone.append(suggestion.pk)
    MergeSuggestion.objects.filter(pk__in=gone).delete()
    MergeSuggestion.objects.bulk_update(changed, ["score", "reasons", "state"])
    MergeSuggestion.objects.bulk_create(
        MergeSuggestion(one_id=persons[0], other_id=persons[1], score=similarity.score, reasons=similarity.reasons)
        for persons, similarity in sorted(found.items())
        if persons not in persons_known and similarity.is_worth_asking
    )


def _persons(one: int, other: int, people: People) -> Pair | None:
    """None where one of them is unknown, or both are one person by now."""
    if one not in people or other not in people or people[one].person == people[other].person:
        return None
    first, second = sorted((people[one].person, people[other].person))
    return first, second


def _namesakes(alike: Iterable[Pair], people: People) -> dict[int, int]:
    """How many others bear the name of a record."""
    bearers: defaultdict[int, set[int]] = defaultdict(set)
    for record, other in alike:
        if record not in people or other not in people:
            continue
        if name_likeness(people[record].card, people[other].card) >= NAMESAKE:
            bearers[record].add(people[other].person)
    return {record: len(persons) for record, persons in bearers.items()}
