from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Segment
from customers.models.segment import SegmentKind
from customers.segments import draft as drafts
from customers.segments.condition import by_section
from customers.segments.draft import Draft
from customers.segments.pasting import MOST_LINES
from customers.segments.rules import InvalidRulesError, parse

if TYPE_CHECKING:
    SegmentModelForm = forms.ModelForm[Segment]
else:
    SegmentModelForm = forms.ModelForm


class RulesWidget(forms.Widget):
    """The builder; its fields stand in the form of the page, so saving sends them along."""

    template_name = "customers/segments/builder.html"
    is_checked = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Draft:
        return drafts.typed(data, is_checked=self.is_checked)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-op" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return builder_context(value if isinstance(value, Draft) else drafts.new())

    def id_for_label(self, id_: str) -> str:
        return ""


def builder_context(draft: Draft) -> dict[str, Any]:
    return {"draft": draft, "sections": by_section()}


class RulesField(forms.Field):
    widget = RulesWidget

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Draft):
            return value
        try:
            return drafts.stored(parse(value))
        except InvalidRulesError:
            return drafts.new()

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


class SegmentForm(SegmentModelForm):
    rules = RulesField(label=_("rules"), required=False)
    identities = forms.CharField(
        label=_("add people"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("One e-mail address, phone number, card number or ID a line, for example pasted from a table."),
    )

    class Meta:
        model = Segment
        fields = ("name", "description", "kind", "brand", "rules")
        widgets = {"description": forms.Textarea(attrs={"rows": 2}), "kind": forms.RadioSelect}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("kind", None)
            self.fields.pop("identities" if self.instance.kind == SegmentKind.DYNAMIC else "rules", None)

    def clean_identities(self) -> str:
        text = str(self.cleaned_data["identities"])
        if text.count("\n") > MOST_LINES:
            raise forms.ValidationError(
                gettext("More than %(most)s lines at once are too many.") % {"most": MOST_LINES}
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind", self.instance.kind) == SegmentKind.STATIC:
            return cleaned | {"rules": {}}
        if "rules" not in self.fields:
            return cleaned
        self.fields["rules"].widget.is_checked = True
        draft = drafts.typed(self.data, is_checked=True)
        try:
            cleaned["rules"] = draft.written()
            parse(cleaned["rules"])
        except InvalidRulesError:
            self.add_error("rules", gettext("Some conditions are not complete: they are marked below."))
        return cleaned
