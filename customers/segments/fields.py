"""What conditions are filled in with, and the words that many of them share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from customers.segments.rules import MOST_WORDS

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    ModelChoiceField = forms.ModelChoiceField[Any]
else:
    ModelChoiceField = forms.ModelChoiceField

LARGEST_NUMBER = 1_000_000
MOST_DAYS = 36_500


class Bound(TextChoices):
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")


class WordsField(forms.CharField):
    """Several words with commas between them; a list in JSON."""

    def to_python(self, value: Any) -> Any:
        words = value.split(",") if isinstance(value, str) else value or []
        if not isinstance(words, list):
            raise ValidationError(gettext("Write words with commas between them."))
        found = list(dict.fromkeys(word.strip() for word in words if word.strip()))
        if len(found) > MOST_WORDS:
            raise ValidationError(gettext("More than %(most)s words are too many.") % {"most": MOST_WORDS})
        return found

    def run_validators(self, value: Any) -> None:
        for word in value:
            super().run_validators(word)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(word) for word in value) if isinstance(value, list) else value


class RowField(ModelChoiceField):
    """A row by its key, which is the same in another installation."""

    def __init__(self, queryset: QuerySet[Any, Any], **options: Any) -> None:
        super().__init__(queryset, **{"to_field_name": "key"} | options)


class DaysField(forms.IntegerField):
    """In the last … days, counted back from now; empty is ever."""

    def __init__(self, **options: Any) -> None:
        settled: dict[str, Any] = {
            "label": _("in the last … days"),
            "required": False,
            "min_value": 1,
            "max_value": MOST_DAYS,
        }
        super().__init__(**settled | options)


class BoundField(forms.ChoiceField):
    def __init__(self) -> None:
        super().__init__(label=_("comparison"), choices=Bound.choices, initial=Bound.AT_LEAST)


class NumberField(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        settled: dict[str, Any] = {"label": _("how often"), "min_value": 0, "max_value": LARGEST_NUMBER, "initial": 1}
        super().__init__(**settled | options)


def check_bound(form: forms.Form) -> None:
    """At least 0 holds for everybody."""
    if form.cleaned_data.get("bound") == Bound.AT_LEAST and form.cleaned_data.get("number") == 0:
        form.add_error("number", gettext("At least 0 is everybody: write 1 or more, or choose “at most”."))


def counted(bound: str, number: int, *, is_negated: bool) -> tuple[str, int]:
    """Not at least 2 is at most 1, not at most 2 is at least 3."""
    if not is_negated:
        return bound, number
    return (Bound.AT_MOST, number - 1) if bound == Bound.AT_LEAST else (Bound.AT_LEAST, number + 1)


def window(days: int | None, *, now: datetime, field: str = "occurred_at") -> dict[str, datetime]:
    """Half-open: from so many days ago until now."""
    since = {f"{field}__gte": now - timedelta(days=days)} if days else {}
    return since | {f"{field}__lt": now}


def in_last(days: int | None) -> str:
    if not days:
        return ""
    return ngettext("in the last day", "in the last %(days)s days", days) % {"days": days}


def listed(words: Iterable[StrOrPromise]) -> str:
    """A, B or C."""
    texts: Sequence[str] = [str(word) for word in words]
    if len(texts) < 2:
        return "".join(texts)
    return gettext("%(first)s or %(last)s") % {"first": ", ".join(texts[:-1]), "last": texts[-1]}


def joined(text: str) -> str:
    """Without the gaps that empty parts of a phrase leave."""
    return " ".join(text.split())
