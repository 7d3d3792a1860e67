from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey
from accounts.tracking import Tracked
from touchpoints.models.case import Case
from touchpoints.models.touchpoint import Touchpoint

LONGEST_COMMENT = 10_000
kind_and_key = RegexValidator(r"^[a-z][a-z0-9_]{0,15}:.{1,100}\Z", _("Write it as kind:key, for example order:1001."))


class CaseComment(models.Model):
    """What somebody wrote to a case, for colleagues; stays as it was written."""

    personal_fields: ClassVar = ("text",)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="comments", verbose_name=_("case"))
    text = models.TextField(
        _("text"), max_length=LONGEST_COMMENT, help_text=_("For colleagues; customers never see it.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="case_comments",
        verbose_name=_("author"),
    )
    api_key = models.ForeignKey(
        ApiKey,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("API key"),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["id"]
        triggers = [Tracked(about=("case",))]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="casecomment_text_check")]

    def __str__(self) -> str:
        return self.text[:60]


class CaseLink(models.Model):
    """What else belongs to a case: an order, another case, a single touchpoint."""

    personal_fields: ClassVar = ()

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links", verbose_name=_("case"))
    subject = models.CharField(
        _("subject"),
        max_length=120,
        blank=True,
        validators=[kind_and_key],
        help_text=_("As kind:key, for example order:1001."),
    )
    touchpoint = models.ForeignKey(
        Touchpoint,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="case_links",
        verbose_name=_("touchpoint"),
        help_text=_("One thing that happened."),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["id"]
        triggers = [Tracked(about=("case",))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(subject="", touchpoint__isnull=False)
                | ~models.Q(subject="") & models.Q(touchpoint=None),
                name="caselink_subject_touchpoint_check",
            ),
            models.UniqueConstraint(
                fields=["case", "subject"], condition=~models.Q(subject=""), name="caselink_case_subject_uniq"
            ),
            models.UniqueConstraint(
                fields=["case", "touchpoint"],
                condition=models.Q(touchpoint__isnull=False),
                name="caselink_case_touchpoint_uniq",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.touchpoint)
