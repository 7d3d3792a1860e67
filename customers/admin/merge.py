from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.pages import AppendOnlyAdmin, ReadOnlyAdmin
from customers.actions import merge_customers, undo_merge
from customers.actions.merging import refuse_merging
from customers.holding import hold_people
from customers.models import CustomerChange, Merge

if TYPE_CHECKING:
    MergeModelForm = forms.ModelForm[Merge]
else:
    MergeModelForm = forms.ModelForm


class MergeForm(MergeModelForm):
    class Meta:
        model = Merge
        fields = ("kept", "merged", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kept, merged = cleaned.get("kept"), cleaned.get("merged")
        if kept and merged:
            try:
                refuse_merging(hold_people([kept.pk, merged.pk]), kept.pk, merged.pk)
            except ValidationError as refused:
                self.add_error("merged", refused)
        return cleaned


def undo(request: HttpRequest, merge: Merge) -> str:
    user: Any = request.user
    undone = undo_merge(merge=merge, by=user)
    if undone.kept.canonical_id == undone.merged.canonical_id:
        return gettext("This merge is undone. Other merges still say that the two are one person: undo these as well.")
    return gettext("The merge is undone: the two are separate persons again.")


@admin.register(Merge)
class MergeAdmin(AppendOnlyAdmin):
    about = _("Records found to be one person. Nothing is rewritten, so every merge can be undone.")
    when_empty = _("Merges come from sources that name two identifiers of one person; or add one here.")
    form = MergeForm
    looks_back = 100_000
    indexed_parameters = ("kept__id__exact", "merged__id__exact")
    list_display = ("__str__", "kept", "merged", "reason", "created_by", "created_at", "undone_at")
    list_filter = (("undone_at", admin.EmptyFieldListFilter),)
    list_select_related = ("kept", "merged", "created_by")
    sortable_by = ()
    autocomplete_fields = ("kept", "merged")
    buttons = (
        Button(
            name="undoing",
            label=_("Undo this merge"),
            permission="customers.change_merge",
            press=undo,
            is_offered=lambda merge: merge.undone_at is None,
        ),
    )

    def get_fields(self, request: HttpRequest, obj: Merge | None = None) -> tuple[str, ...]:
        made = ("created_by", "created_at", "undone_at", "undone_by") if obj else ()
        return ("kept", "merged", "reason", *made)

    def save_model(self, request: HttpRequest, obj: Merge, form: Any, change: bool) -> None:
        user: Any = request.user
        obj.pk = merge_customers(kept=obj.kept, merged=obj.merged, reason=obj.reason, by=user).pk


@admin.register(CustomerChange)
class CustomerChangeAdmin(ReadOnlyAdmin):
    about = _("What tells the followers that records belong together differently.")
    when_empty = _("Rows come with merges, undone merges and erasures.")
    is_on_index = False
    list_display = ("id", "kind", "customer_pk", "other_pk", "created_at")
    list_filter = ("kind",)
    looks_back = 100_000
    ordering = ("-id",)
    sortable_by = ()
