from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.actions.merging import merge_customers, undo_merge
from customers.holding import hold_people
from customers.models import Merge, MergeSuggestion
from customers.models.suggestion import Decision, SuggestionState

ASKED_AGAIN_AFTER = timedelta(days=14)
ATTEMPTS = 10


class AlreadyDecidedError(ValidationError):
    """Somebody decided since the caller looked; nothing was done."""

    def __init__(self, suggestion: MergeSuggestion) -> None:
        super().__init__(suggestion.told, "already_decided")
        self.suggestion = suggestion


class _RegroupedError(Exception):
    """Of the two persons, while we waited for them."""


def decide(
    *,
    suggestion: MergeSuggestion,
    decision: Decision,
    kept: int | None = None,
    by: User | None = None,
    seen: str | None = None,
) -> MergeSuggestion:
    """Merge the two (`kept`: the record that goes on standing for the person), keep them apart, or ask again later.

    `seen` is the state that the decision answers, by default that of `suggestion`: who comes second learns what the
    first decided, by AlreadyDecidedError.
    """
    if decision == Decision.MERGE and kept not in (suggestion.one_id, suggestion.other_id):
        raise ValidationError(_("Choose which of the two records is kept."), "kept")
    seen = suggestion.seen if seen is None else seen
    return _persistently(lambda: _decide(suggestion, decision, kept=kept, by=by, seen=seen))


def reopen(*, suggestion: MergeSuggestion, by: User | None = None) -> MergeSuggestion:
    """Take a decision back: its merge is undone, and whatever was decided with it is open again."""
    return _persistently(lambda: _reopen(suggestion, by=by))


def _persistently(verb: Callable[[], MergeSuggestion]) -> MergeSuggestion:
    """Begins the whole transaction again. Not from a savepoint: whoever waits for a row that `hold_people` locked waits
    for the whole of us then, not for what was taken back, and we for them."""
    for _number in range(ATTEMPTS):
        try:
            return verb()
        except _RegroupedError:
            continue
    raise OperationalError("Others keep merging the same people.")


@transaction.atomic
def _decide(
    suggestion: MergeSuggestion, decision: Decision, *, kept: int | None, by: User | None, seen: str
) -> MergeSuggestion:
    alike = _hold(suggestion)
    row = _fresh(suggestion)
    if row.is_one_person and row.state != SuggestionState.MERGED:
        raise ValidationError(
            _("These two stand for one person already, merged elsewhere: undo that merge first."), "one_person"
        )
    if row.seen != seen or not row.is_to_decide:
        raise AlreadyDecidedError(row)
    found: dict[str, Any] = {"ask_again_on": None, "merge": None}
    if decision == Decision.MERGE:
        found["merge"] = _merge(row, kept=kept, by=by)
    elif decision == Decision.LATER:
        found["ask_again_on"] = timezone.localdate() + ASKED_AGAIN_AFTER
    MergeSuggestion.objects.filter(pk__in=alike).exclude(state=SuggestionState.KEPT_APART).update(
        state=decision.state, decided_by=by, decided_at=timezone.now(), decided_reasons=F("reasons"), **found
    )
    return _fresh(suggestion)


@transaction.atomic
def _reopen(suggestion: MergeSuggestion, *, by: User | None) -> MergeSuggestion:
    alike = _hold(suggestion)
    row = _fresh(suggestion)
    if row.seen != suggestion.seen:
        raise AlreadyDecidedError(row)
    if row.merge:
        undo_merge(merge=row.merge, by=by)
    MergeSuggestion.objects.filter(pk__in=alike, decided_at=row.decided_at).update(
        state=SuggestionState.OPEN, decided_by=None, decided_at=None, decided_reasons=[], ask_again_on=None, merge=None
    )
    return _fresh(suggestion)


def _hold(suggestion: MergeSuggestion) -> Collection[int]:
    """Locks all suggestions about the same two persons, in the order of ids, then these persons."""
    persons = _persons_of(suggestion)
    alike = [row.pk for row in MergeSuggestion.objects.between(*persons).order_by("id").select_for_update()]
    hold_people([suggestion.one_id, suggestion.other_id])
    if _persons_of(suggestion) != persons:
        raise _RegroupedError
    return alike


def _persons_of(suggestion: MergeSuggestion) -> tuple[int | None, int | None]:
    row = _fresh(suggestion)
    return row.one.canonical_id, row.other.canonical_id


def _merge(suggestion: MergeSuggestion, *, kept: int | None, by: User | None) -> Merge:
    one, other = suggestion.one.person, suggestion.other.person
    first, second = (one, other) if kept == suggestion.one_id else (other, one)
    reason = _("suggestion: %(reasons)s") % {"reasons": suggestion.reasons_told}
    return merge_customers(kept=first, merged=second, reason=reason, by=by)


def _fresh(suggestion: MergeSuggestion) -> MergeSuggestion:
    rows = MergeSuggestion.objects.select_related(
        "one__canonical", "other__canonical", "decided_by", "merge__undone_by"
    )
    row = rows.filter(pk=suggestion.pk).first()
    if row is None:
        raise ValidationError(_("This suggestion is gone: the records have changed since."), "gone")
    return row
