"""The trees of reasons as a choice: the leaves under their groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from touchpoints.models import CaseReason
from touchpoints.models.case_reason import ReasonKind

if TYPE_CHECKING:
    Field = forms.ModelChoiceField[CaseReason]
else:
    Field = forms.ModelChoiceField


class Tree(ModelChoiceIterator):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        reasons = list(self.queryset)
        groups = {reason.parent_id for reason in reasons}
        for reason in reasons:
            if reason.parent_id is None and reason.pk not in groups:
                yield self.choice(reason)
            elif reason.parent_id is None:
                parts = [self.choice(part) for part in reasons if part.parent_id == reason.pk]
                yield (reason.label, [self.choice(reason), *parts])


class ReasonField(Field):
    iterator = Tree

    def __init__(self, kind: str, **options: Any) -> None:
        super().__init__(CaseReason.objects.offered(kind), empty_label=_("Please choose"), **options)


class ResolutionForm(forms.Form):
    root_cause = ReasonField(ReasonKind.ROOT_CAUSE, label=_("Root cause"), help_text=_("Why it happened."))
    resolution = ReasonField(ReasonKind.RESOLUTION, label=_("Resolution"), help_text=_("What helped."))
    note = forms.CharField(
        label=_("What was done"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In a few words, for colleagues."),
    )
