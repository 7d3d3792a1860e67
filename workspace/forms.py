import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand
from customers.actions.objecting import Wish
from customers.models import Customer, Identity, Note
from customers.models.consent import Purpose
from customers.models.note import LONGEST_NOTE
from touchpoints.models import Case, Subject, TouchpointType
from touchpoints.models.case import CaseKind, CasePriority

FEELINGS = [(valence, str(valence)) for valence in range(-2, 3)]


class ContactForm(forms.Form):
    """One contact an agent had, logged in ten seconds: type, feeling, note."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    type = forms.ModelChoiceField(
        label=_("What was it?"),
        queryset=TouchpointType.objects.offered_to_agents(),
        to_field_name="key",
        empty_label=_("Please choose"),
    )
    subject = forms.ChoiceField(label=_("What was it about?"), required=False)
    valence = forms.TypedChoiceField(
        label=_("How did it feel for the customer?"),
        choices=FEELINGS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    follow_up_on = forms.DateField(
        label=_("Follow up on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("You will find it among your cases on that day."),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", _("Nothing in particular")), *_open_subjects(customer)]  # type: ignore[attr-defined]

    def clean_follow_up_on(self) -> Any:
        day = self.cleaned_data["follow_up_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        return day

    def follow_up_at(self) -> datetime | None:
        """Nine o’clock of the day, in the brand’s zone."""
        day = self.cleaned_data["follow_up_on"]
        return datetime(day.year, day.month, day.day, 9, tzinfo=Brand.objects.default().zone) if day else None


def _open_subjects(customer: Customer) -> list[tuple[str, str]]:
    cases = Case.objects.open().filter(customer__canonical_id=customer.pk)
    orders = Subject.objects.orders().filter(customer__canonical_id=customer.pk).order_by("-began_at")[:10]
    return [(case.subject, _("Case %(name)s") % {"name": case}) for case in cases] + [
        (f"{order.kind}:{order.key}", _("Order %(number)s") % {"number": order.key}) for order in orders
    ]


class CaseForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Case
        fields = ("title", "kind", "priority", "description", "due_at")
        widgets = {
            "due_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "description": forms.Textarea(attrs={"rows": 4}),
        }

    kind = forms.ChoiceField(label=_("Kind"), choices=CaseKind.choices, initial=CaseKind.QUESTION)
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=CasePriority.choices, initial=CasePriority.NORMAL, coerce=int
    )


class AskForm(forms.Form):
    """A person who contacted us wants to agree to something: by e-mail, so that it can be proven."""

    purpose = forms.ChoiceField(
        label=_("What for?"),
        choices=[(purpose.value, purpose.label) for purpose in (Purpose.SURVEY, Purpose.REVIEW, Purpose.MARKETING)],
    )
    address = forms.ChoiceField(label=_("To which address?"))
    origin = forms.ChoiceField(
        label=_("How did the person ask for it?"),
        choices=[("", _("Please choose")), ("phone", _("by phone")), ("store", _("in the store")),
                 ("email", _("by e-mail")), ("letter", _("by letter"))],
        help_text=_("Without being asked such a mail is advertising itself."),
    )  # fmt: skip

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Identity.objects.filter(customer__canonical__group=customer, kind="email").order_by("-id")
        addresses = list(known.values_list("value", flat=True))
        self.fields["address"].choices = [(address, address) for address in addresses]  # type: ignore[attr-defined]


class ObjectionForm(forms.Form):
    wish = forms.ChoiceField(
        label=_("To what?"), choices=Wish.choices, initial=Wish.ADVERTISING, widget=forms.RadioSelect
    )


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Note
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_NOTE})}
        labels = {"text": _("New note")}
        help_texts = {"text": ""}
