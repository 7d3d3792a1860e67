"""What segments may ask about journeys: where somebody stands now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.segments.condition import Condition
from journeys.models import Run, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import Brand
    from customers.segments.sets import Ids


def _stages() -> Iterator[tuple[str, str]]:
    published = Stage.objects.filter(version__state="published", version__journey__is_archived=False)
    for stage in published.select_related("version__journey").order_by("version__journey__key", "position"):
        yield f"{stage.version.journey.key}:{stage.key}", f"{stage.version.journey}: {stage}"


class CurrentStage(Condition):
    key, section, label = "stage", _("Journey"), _("Current stage")
    stage = forms.ChoiceField(label=_("stage"), choices=lambda: list(_stages()))

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        """Runs know no brand."""
        journey, _colon, stage = self.cleaned_data["stage"].rpartition(":")
        here = Run.objects.live().open().order_by()
        here = here.filter(version__journey__key=journey, current_stage__key=stage)
        return here.values("customer__canonical")

    def phrase(self, *, is_negated: bool) -> str:
        text = gettext("do not stand at “%(stage)s” now") if is_negated else gettext("stand at “%(stage)s” now")
        labels = dict(self.fields["stage"].choices)  # type: ignore[attr-defined]
        return text % {"stage": labels[self.cleaned_data["stage"]]}
