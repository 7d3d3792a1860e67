"""Two people edit one row: the second is shown what the first changed, and chooses field by field.

A form carries what it was loaded with (Django's hidden initial values) and the version it was loaded from. When it is
saved, a field that differs from what it was loaded with was changed by somebody else meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.admin.differences import Values, loaded_value
from accounts.admin.pages import PageAdmin
from accounts.models import Change
from accounts.visible import visible

if TYPE_CHECKING:
    AnyForm = forms.ModelForm[Any]
else:
    AnyForm = forms.ModelForm

SEEN = "version_seen"
CHOICE = "choice-"
LOOKED_BACK = 200
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else changed since the form was loaded, as texts for the page."""

    name: str
    label: str
    before: str
    now: str
    mine: str
    chosen: str
    by: str
    at: datetime | None

    @property
    def choice_name(self) -> str:
        return f"{CHOICE}{self.name}"


class CarefulForm(AnyForm):
    """Mixed into the form of a row that exists: see ConflictsAdmin."""

    version_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: dict[str, Conflict] = {}
        for name, field in self.fields.items():
            field.show_hidden_initial = name != SEEN
        if self.is_bound and SEEN in self.data:
            self._note_empty_lists()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get(SEEN) is None:
            return cleaned
        self.conflicts = self._found_conflicts()
        was_shown_all = cleaned[SEEN] == self.instance.version
        if self.conflicts and not (was_shown_all and all(it.chosen for it in self.conflicts.values())):
            self.add_error(None, ValidationError(_("Somebody else changed this meanwhile."), code="conflict"))
        for name, conflict in self.conflicts.items():
            self.fields[name].conflict = conflict  # type: ignore[attr-defined]  # for the template, beside the field
            if conflict.chosen == THEIRS:
                cleaned[name] = self._stored(name)
                self.errors.pop(name, None)
        return cleaned

    @cached_property
    def changed_data(self) -> list[str]:
        """Without what was left to the other: it is theirs."""
        changed = [name for name, bound in self._bound_items() if bound._has_changed()]  # type: ignore[attr-defined]
        theirs = {name for name, conflict in self.conflicts.items() if conflict.chosen == THEIRS}
        return [name for name in changed if name not in theirs and name != SEEN]

    def _found_conflicts(self) -> dict[str, Conflict]:
        found = {}
        for name, field in self.fields.items():
            if name == SEEN or field.disabled:
                continue
            stored, loaded = self.get_initial_for_field(field, name), loaded_value(self, name)
            if field.has_changed(stored, loaded) and field.has_changed(stored, self[name].data):
                found[name] = self._conflict(name)
        return found

    def _conflict(self, name: str) -> Conflict:
        field, values = self.fields[name], Values(self.fields[name])
        is_touched = self[name]._has_changed()  # type: ignore[attr-defined]
        chosen = self.data.get(f"{CHOICE}{name}", "" if is_touched else THEIRS)
        change = self._changes.get(name)
        return Conflict(
            name=name,
            label=str(field.label or name),
            before=values.told(loaded_value(self, name)),
            now=values.told(self.get_initial_for_field(field, name)),
            mine=values.told(self[name].data),
            chosen=chosen if chosen in (MINE, THEIRS) else "",
            by=visible(str(change.user or (change.api_key.name if change.api_key else ""))) if change else "",
            at=change.changed_at if change else None,
        )

    @cached_property
    def _changes(self) -> dict[str, Change]:
        """The last change of each field, as far as it was written down (accounts.tracking)."""
        told = Change.objects.about(self.instance).select_related("user", "api_key").order_by("-id")[:LOOKED_BACK]
        meta = self.instance._meta
        own = {field.column: field.name for field in meta.concrete_fields}
        linked = {relation.m2m_reverse_name(): relation.name for relation in meta.many_to_many}
        found: dict[str, Change] = {}
        for change in told:
            fields = own if change.model == meta.label_lower else linked
            for column in change.columns.keys() & fields.keys():
                found.setdefault(fields[column], change)
        return found

    def _stored(self, name: str) -> Any:
        value = getattr(self.instance, name)
        return list(value.all()) if hasattr(value, "all") else value

    def _note_empty_lists(self) -> None:
        """A browser sends nothing for a list that was empty; else it would look as if nothing was carried."""
        sent: Any = self.data
        self.data = data = sent.copy()
        for name, field in self.fields.items():
            key = self.add_initial_prefix(name)
            if isinstance(field, forms.ModelMultipleChoiceField) and key not in data:
                data.setlist(key, [])


class ConflictsAdmin(PageAdmin):
    """For a model with a `version` that grows with every change, kept by the database."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        return type(form)(form.__name__, (CarefulForm, form), {}) if obj else form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        with transaction.atomic():
            if request.method == "POST" and object_id and (row := self.get_object(request, unquote(object_id))):
                self.hold(row)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def hold(self, row: Any) -> None:
        """Until it is saved, so that nobody comes between what is compared and what is written.

        Overridden where something stands before the row in the order of locks.
        """
        list(self.model._base_manager.filter(pk=row.pk).select_for_update(no_key=True).values_list("pk"))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        if conflicts := getattr(form, "conflicts", None):
            context["conflicts"] = list(conflicts.values())
            is_all = not any(name for name in form.errors if name != "__all__")
            context["errors"] = None if is_all else context["errors"]
        return super().render_change_form(request, context, *args, **kwargs)
