from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from surveys.models.campaign import Invitation
from surveys.models.survey import Question, SurveyVersion
from surveys.querysets import AnswerQuerySet, ResponseQuerySet


class Response(models.Model):
    """What one person sent back. An anonymous response knows neither invitation nor customer."""

    personal_fields: ClassVar = ()

    version = models.ForeignKey(
        SurveyVersion, on_delete=models.PROTECT, related_name="responses", verbose_name=_("survey version")
    )
    invitation = models.OneToOneField(
        Invitation, on_delete=models.CASCADE, null=True, related_name="response", verbose_name=_("invitation")
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, related_name="responses", verbose_name=_("customer")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    started_at = models.DateTimeField(_("started at"), db_default=Now())
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at=None) | models.Q(finished_at__gte=models.F("started_at")),
                name="response_finished_at_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} #{self.pk}"


class Answer(models.Model):
    """The answer to one question: a score, chosen options, or a text; an unanswered question has no row."""

    personal_fields: ClassVar = ("text",)

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers", verbose_name=_("response"))
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers", verbose_name=_("question"))
    score = models.SmallIntegerField(_("score"), null=True)
    choices = ArrayField(models.CharField(max_length=60), verbose_name=_("choices"), default=list)
    text = models.TextField(_("text"), blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["response", "question"]
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="answer_response_question_uniq"),
            models.CheckConstraint(
                condition=models.Q(score=None) | models.Q(score__range=(0, 10)), name="answer_score_check"
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=False) | ~models.Q(choices=[]) | ~models.Q(text=""),
                name="answer_content_check",
            ),
        ]

    def __str__(self) -> str:
        return str(self.score if self.score is not None else self.text or ", ".join(self.choices))
