"""What a person answered to one question, as the form gives it and as a row keeps it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from surveys import scoring
from surveys.models import Answer, Question
from surveys.models.survey import QuestionKind


@dataclass(frozen=True)
class Given:
    score: int | None = None
    choices: tuple[str, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, question: Question, value: Any) -> "Given":
        """`value` as cleaned by the form: an integer, one option id, a list of them, or a text."""
        if question.scale:
            return cls(score=value)
        if question.kind == QuestionKind.SINGLE:
            return cls(choices=(value,) if value else ())
        if question.kind == QuestionKind.MULTIPLE:
            return cls(choices=tuple(value or ()))
        return cls(text=value or "")

    @property
    def is_empty(self) -> bool:
        return self == Given()


def stored_value(answer: Answer) -> Any:
    """What the form shows for a stored answer."""
    if answer.question.scale:
        return answer.score
    if answer.question.kind == QuestionKind.SINGLE:
        return next(iter(answer.choices), "")
    return answer.choices if answer.question.kind == QuestionKind.MULTIPLE else answer.text


def felt(answers: Mapping[Question, Given]) -> int | None:
    """The valence of a response, by its first score that has one, in the whole steps a touchpoint keeps."""
    valences = (scoring.valence(question.kind, score) for question, score in _scores(answers))
    found = next((valence for valence in valences if valence is not None), None)
    return None if found is None else round(found)


def band(answers: Iterable[Answer]) -> str:
    """“happy”, “neutral” or “unhappy”, by the first question with a score."""
    scored = sorted((a for a in answers if a.score is not None), key=lambda answer: answer.question.position)
    if not scored or scored[0].score is None:
        return "neutral"
    return scoring.band(scored[0].question.kind, scored[0].score)


def scores(answers: Mapping[Question, Given]) -> dict[str, int]:
    return {question.key: score for question, score in _scores(answers)}


def _scores(answers: Mapping[Question, Given]) -> list[tuple[Question, int]]:
    ordered = sorted(answers, key=lambda question: question.position)
    return [(question, score) for question in ordered if (score := answers[question].score) is not None]
