"""The history page of one row, in place of Django's: what the database wrote down (accounts.history tells it)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from accounts.history import PER_PAGE, HistoryPage, history
from accounts.models import Change, User
from accounts.tracking import Tracked, tracked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db import models

    from accounts.querysets import ChangeQuerySet

NOBODY = "0"


class Choice(NamedTuple):
    value: str
    label: str


class HistoryForm(forms.Form):
    """What the history is narrowed to. `what` is model.column, or a whole model that belongs to the row."""

    what = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def __init__(self, *args: Any, whats: Sequence[Choice], whos: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what: Any = self.fields["what"]
        who: Any = self.fields["who"]
        what.choices = [Choice("", gettext("everything")), *whats]
        who.choices = [Choice("", gettext("everybody")), *whos]


def history_context(request: HttpRequest, rows: Sequence[models.Model], *, may_see: set[str]) -> dict[str, Any]:
    """`rows` are the records the page is about, the first is its own; `may_see` names models that may be told of."""
    changes = Change.objects.about(*rows).of_models(may_see)
    form = HistoryForm(request.GET, whats=list(_whats(rows[0], may_see)), whos=_whos(changes))
    page = _page(rows, changes, form) if form.is_valid() else HistoryPage(days=[], next_before=None)
    older = request.GET.copy()
    older["before"] = str(page.next_before)
    return {
        "form": form,
        "page": page,
        "is_narrowed": any(request.GET.get(name) for name in ("what", "who", "before")),
        "older": older.urlencode() if page.next_before else "",
    }


def _page(rows: Sequence[models.Model], changes: ChangeQuerySet, form: HistoryForm) -> HistoryPage:
    asked = form.cleaned_data
    if asked["what"]:
        label, _colon, column = asked["what"].partition(":")
        changes = changes.of_field(label, column)
    if asked["who"]:
        changes = changes.by(None if asked["who"] == NOBODY else int(asked["who"]))
    if asked["before"]:
        changes = changes.older_than(asked["before"])
    return history(rows, changes.select_related("user", "api_key").order_by("-pk")[: PER_PAGE + 1])


def _whats(row: models.Model, may_see: set[str]) -> Iterator[Choice]:
    own = row._meta.label_lower
    triggers = {model: trigger for model, trigger in tracked() if trigger.name == Tracked.name}
    untold = {"id", "created_at", *triggers[type(row)].untold}
    for field in row._meta.concrete_fields:
        if field.name not in untold:
            yield Choice(f"{own}:{field.column}", capfirst(str(field.verbose_name)))
    for model in triggers:
        if (label := model._meta.label_lower) in may_see and label != own:
            yield Choice(label, capfirst(str(model._meta.verbose_name)))


def _whos(changes: ChangeQuerySet) -> list[Choice]:
    users = User.objects.filter(pk__in=changes.order_by().values("user")).order_by("first_name", "last_name", "pk")
    return [*(Choice(str(user.pk), str(user)) for user in users[:100]), Choice(NOBODY, gettext("no user"))]
