from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from surveys.answering import Given, stored_value
from surveys.models import Answer, Question
from surveys.models.survey import QuestionKind

LONGEST_SHORT, LONGEST_LONG = 200, 5000
# How templates/forms/_scale.html draws each kind.
DRAWN_AS = {"nps": "nps", "csat": "faces", "ces": "effort", "stars": "stars"}


class AnswerForm(forms.Form):
    """The questions of one survey version. `is_draft`: nothing is required, to be finished later."""

    prefix = "q"

    def __init__(self, *args: Any, questions: Iterable[Question], is_draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[question.key] = _field(question)
            if is_draft:
                self.fields[question.key].required = False

    def rows(self) -> list[dict[str, BoundField | Question | str]]:
        return [
            {"question": question, "field": self[question.key], "drawn_as": DRAWN_AS.get(question.kind, "")}
            for question in self.questions
        ]

    def typed(self) -> dict[str, Any]:
        """Everything as it was typed, valid or not, to show it again."""
        return {question.key: self[question.key].data for question in self.questions}

    def answers(self) -> dict[Question, Given]:
        """What is valid, also where other fields are not."""
        return {
            question: Given.of(question, self.cleaned_data[question.key])
            for question in self.questions
            if question.key in self.cleaned_data
        }


def initial_answers(answers: Iterable[Answer]) -> dict[str, Any]:
    return {answer.question.key: stored_value(answer) for answer in answers}


def _field(question: Question) -> forms.Field:
    options: dict[str, Any] = {"label": question.text, "required": question.is_required}
    if question.scale:
        return forms.TypedChoiceField(
            choices=[(score, question.score_label(score)) for score in question.scale],
            coerce=int,
            empty_value=None,
            widget=forms.RadioSelect,
            error_messages={"required": _("Please choose an answer.")},
            **options,
        )
    if question.kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}:
        return _choice_field(question, options)
    options["error_messages"] = {"required": _("Please write an answer.")}
    if question.kind == QuestionKind.SHORT_TEXT:
        return forms.CharField(max_length=LONGEST_SHORT, **options)
    return forms.CharField(max_length=LONGEST_LONG, widget=forms.Textarea(attrs={"rows": 4}), **options)


def _choice_field(question: Question, options: dict[str, Any]) -> forms.Field:
    choices = [(option["id"], question.option_label(option)) for option in question.options]
    options["error_messages"] = {"required": _("Please choose an answer.")}
    if question.kind == QuestionKind.SINGLE:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **options)


class CallbackForm(forms.Form):
    phone = forms.CharField(
        label=_("Your phone number"),
        max_length=40,
        validators=[
            RegexValidator(r"^[0-9 +()/.-]{5,40}\Z", _("Write the number with digits, for example 030 1234567."))
        ],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Please write a phone number, so that we can call.")},
    )
    note = forms.CharField(
        label=_("When does it suit you?"),
        max_length=LONGEST_SHORT,
        required=False,
        help_text=_("For example weekdays after 5 pm."),
    )
