"""The follower “subjects”: orders, cases and subscriptions as their touchpoints tell them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.db import connection

from touchpoints.feed import Batch, Follower
from touchpoints.models import Subject, Touchpoint
from touchpoints.models.source import SourceKind
from touchpoints.subject_states import KIND_OF, STATES, Step, SubjectState, subject_state

TOUCHED = (Path(__file__).parent / "sql" / "touched_subjects.sql").read_text()
LONGEST_KEY = 100

BrandSubject = tuple[int, str]
"""(id of the brand, subject as kind:key)"""


def follow_subjects(batch: Batch) -> None:
    """Compute every touched subject anew from all its touchpoints, so arrival and corrections make no difference."""
    touched = {it for it in _touched(batch) if _is_derived(it[1])}
    if not touched:
        return
    found = {it: state for it, state in _states({subject for _brand, subject in touched}).items() if it in touched}
    _store(found)
    _delete(touched - found.keys())


SUBJECTS = Follower(name="subjects", apply=follow_subjects)


def _touched(batch: Batch) -> Iterable[BrandSubject]:
    changed = {pk for change in batch.changes for pk in (change.customer_pk, change.other_pk) if pk}
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, {"after": batch.after_id, "until": batch.until_id, "customers": list(changed)})
        return [(brand_id, subject) for brand_id, subject in cursor.fetchall()]


def _is_derived(subject: str) -> bool:
    kind, _separator, key = subject.partition(":")
    return kind in STATES and 0 < len(key) <= LONGEST_KEY


def _states(subjects: set[str]) -> dict[BrandSubject, SubjectState]:
    # What a browser claims is unverified: it changes no order and no case.
    rows = (
        Touchpoint.objects.current()
        .filter(subject__in=subjects, type__key__in=KIND_OF)
        .exclude(subject="")  # lets the partial index serve
        .exclude(source__kind=SourceKind.BROWSER)
        .values_list(
            "source__brand_id", "subject",
            "type__key", "occurred_at", "id", "customer__canonical_id", "value", "currency", "properties__lines",
        )
    )  # fmt: skip
    steps = defaultdict(list)
    for brand_id, subject, *step in rows.iterator(chunk_size=10_000):
        steps[brand_id, subject].append(Step(*step))
    states = {it: subject_state(it[1].partition(":")[0], told) for it, told in steps.items()}
    return {it: state for it, state in states.items() if state}


def _store(states: Mapping[BrandSubject, SubjectState]) -> None:
    subjects = []
    for (brand_id, subject), state in states.items():
        kind, _separator, key = subject.partition(":")
        subjects.append(Subject(brand_id=brand_id, kind=kind, key=key, **state._asdict()))
    Subject.objects.bulk_create(
        subjects,
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["brand", "kind", "key"],
        update_fields=["customer", *(name for name in SubjectState._fields if name != "customer_id")],
    )


def _delete(subjects: Iterable[BrandSubject]) -> None:
    """Those that nothing speaks of any more: every step was retracted or moved to another subject."""
    keys = defaultdict(set)
    for brand_id, subject in subjects:
        kind, _separator, key = subject.partition(":")
        keys[brand_id, kind].add(key)
    for (brand_id, kind), gone in keys.items():
        Subject.objects.filter(brand_id=brand_id, kind=kind, key__in=gone).delete()
