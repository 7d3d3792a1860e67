"""The followers “subjects” (orders, cases and subscriptions as their touchpoints tell them) and “vocabulary” (how
often types arrive)."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from django.db import connection

from accounts.models import Brand
from touchpoints.feed import Batch, Follower
from touchpoints.models import Subject, Touchpoint, TypeUse
from touchpoints.models.source import SourceKind
from touchpoints.subject_states import subject_state
from touchpoints.subject_steps import KIND_OF, STATES, Step, SubjectState

SQL = Path(__file__).parent / "sql"
TOUCHED = (SQL / "touched_subjects.sql").read_text()
STORE = (SQL / "store_subjects.sql").read_text()
COUNT_TYPES = (SQL / "count_types.sql").read_text()
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


SUBJECTS = Follower(name="subjects", apply=follow_subjects, reads_vocabulary=True)


def count_types(batch: Batch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_TYPES, {"after": batch.after_id, "until": batch.until_id})


VOCABULARY = Follower(name="vocabulary", apply=count_types, forget=TypeUse.objects.all().delete)


def _touched(batch: Batch) -> Iterable[BrandSubject]:
    changed = {pk for change in batch.changes for pk in (change.customer_pk, change.other_pk) if pk}
    arguments = {
        "after": batch.after_id,
        "until": batch.until_id,
        "types": list(batch.type_ids) if batch.type_ids else None,
        "customers": list(changed),
    }
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, arguments)
        return [(brand_id, subject) for brand_id, subject in cursor.fetchall()]


def _is_derived(subject: str) -> bool:
    kind, _separator, key = subject.partition(":")
    return kind in STATES and 0 < len(key) <= LONGEST_KEY


def _states(subjects: set[str]) -> dict[BrandSubject, SubjectState]:
    # What a browser claims is unverified: it changes no order and no case.
    rows = (
        Touchpoint.objects.current()
        .filter(subject__in=subjects, type__canonical__key__in=KIND_OF)
        .exclude(subject="")  # lets the partial index serve
        .exclude(source__kind=SourceKind.BROWSER)
        .values_list(
            "source__brand_id", "subject", "type__canonical__key", "occurred_at", "customer__canonical_id",
            "source_id", "message_id", "value", "currency", "properties",
        )
    )  # fmt: skip
    steps = defaultdict(list)
    for brand_id, subject, *step in rows.iterator(chunk_size=10_000):
        steps[brand_id, subject].append(Step(*step))
    zones = {brand.pk: brand.zone for brand in Brand.objects.all()}
    states = {it: subject_state(it[1].partition(":")[0], told, zone=zones[it[0]]) for it, told in steps.items()}
    return {it: state for it, state in states.items() if state}


def _store(states: Mapping[BrandSubject, SubjectState]) -> None:
    rows = []
    for (brand_id, subject), state in states.items():
        kind, _separator, key = subject.partition(":")
        rows.append({"brand_id": brand_id, "kind": kind, "key": key, **asdict(state)})
    with connection.cursor() as cursor:
        # The standard library writes integers of any length, as they come back from the database.
        cursor.execute(STORE, [json.dumps(rows, default=str)])


def _delete(subjects: Iterable[BrandSubject]) -> None:
    """Those that nothing speaks of any more: every step was retracted or moved to another subject."""
    keys = defaultdict(set)
    for brand_id, subject in subjects:
        kind, _separator, key = subject.partition(":")
        keys[brand_id, kind].add(key)
    for (brand_id, kind), gone in keys.items():
        Subject.objects.filter(brand_id=brand_id, kind=kind, key__in=gone).delete()
