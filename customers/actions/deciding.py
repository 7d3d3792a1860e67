from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.actions.merging import merge_customers, undo_merge
from customers.models import Merge, MergeSuggestion
from customers.models.suggestion import UNDECIDED, Decision, SuggestionState

ASKED_AGAIN_AFTER = timedelta(days=14)


class AlreadyDecidedError(ValidationError):
    """Somebody decided since the caller looked; nothing was done."""

    def __init__(self, suggestion: MergeSuggestion) -> None:
        super().__init__(suggestion.told, "already_decided")
        self.suggestion = suggestion


@transaction.atomic
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
    alike = _hold(suggestion, seen=suggestion.seen if seen is None else seen)
    row = _fresh(suggestion)
    if row.is_decided:
        raise AlreadyDecidedError(row)
    if row.is_one_person:
        raise ValidationError(_("These two stand for one person already."), "one_person")
    found: dict[str, Any] = {"ask_again_on": None, "merge": None}
    if decision == Decision.MERGE:
        found["merge"] = _merge(row, kept=kept, by=by)
    elif decision == Decision.LATER:
        found["ask_again_on"] = timezone.localdate() + ASKED_AGAIN_AFTER
    MergeSuggestion.objects.filter(pk__in=alike, state__in=UNDECIDED).update(
        state=decision.state, decided_by=by, decided_at=timezone.now(), decided_reasons=F("reasons"), **found
    )
    return _fresh(suggestion)


@transaction.atomic
def reopen(*, suggestion: MergeSuggestion, by: User | None = None) -> MergeSuggestion:
    """Take a decision back: its merge is undone, and whatever was decided with it is open again."""
    alike = _hold(suggestion, seen=suggestion.seen)
    if suggestion.merge:
        undo_merge(merge=suggestion.merge, by=by)
    MergeSuggestion.objects.filter(pk__in=alike, decided_at=suggestion.decided_at).update(
        state=SuggestionState.OPEN, decided_by=None, decided_at=None, decided_reasons=[], ask_again_on=None, merge=None
    )
    return _fresh(suggestion)


def _hold(suggestion: MergeSuggestion, *, seen: str) -> Collection[int]:
    """Locks all suggestions about the same two persons, in the order of ids; refuses what was decided meanwhile."""
    persons = MergeSuggestion.objects.filter(pk=suggestion.pk).values_list("one__canonical", "other__canonical").first()
    if persons is None:
        raise ValidationError(_("This suggestion is gone: the records have changed since."), "gone")
    alike = {row.pk: row for row in MergeSuggestion.objects.between(*persons).order_by("id").select_for_update()}
    row = alike.get(suggestion.pk)
    if row is None or row.seen != seen:
        raise AlreadyDecidedError(_fresh(suggestion))
    return alike.keys()


def _merge(suggestion: MergeSuggestion, *, kept: int | None, by: User | None) -> Merge:
    one, other = suggestion.one.person, suggestion.other.person
    first, second = (one, other) if kept == suggestion.one_id else (other, one)
    reason = _("suggestion: %(reasons)s") % {"reasons": suggestion.reasons_told}
    return merge_customers(kept=first, merged=second, reason=reason, by=by)


def _fresh(suggestion: MergeSuggestion) -> MergeSuggestion:
    rows = MergeSuggestion.objects.select_related("one__canonical", "other__canonical", "decided_by", "merge")
    return rows.get(pk=suggestion.pk)
