from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.labels import Labelled, in_language
from accounts.tracking import Tracked
from surveys.querysets import SurveyVersionQuerySet


class Survey(Labelled):
    """A set of questions; its content lives in versions, so an answer keeps the questions it saw."""

    personal_fields: ClassVar = ()

    key = models.SlugField(_("key"), max_length=60, unique=True, help_text=_("Used in the API, e.g. product-review."))
    intro_de = models.TextField(_("introduction (German)"), blank=True, help_text=_("Stands above the questions."))
    intro_en = models.TextField(_("introduction (English)"), blank=True, help_text=_("The same in English."))
    is_anonymous = models.BooleanField(
        _("anonymous"), default=False, help_text=_("No link from an answer to a person; times are rounded.")
    )
    is_closed = models.BooleanField(_("closed"), default=False, help_text=_("Answers are no longer taken."))

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["key"]
        triggers = [Tracked()]

    @property
    def intro(self) -> str:
        return in_language(self.intro_de, self.intro_en)


class SurveyVersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class SurveyVersion(models.Model):
    personal_fields: ClassVar = ()

    survey = models.ForeignKey(
        Survey,
        on_delete=models.CASCADE,
        related_name="versions",
        verbose_name=_("survey"),
        help_text=_("The survey this is a version of."),
    )
    number = models.PositiveIntegerField(_("number"), default=1, help_text=_("Counts up with every draft."))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=SurveyVersionState,
        default=SurveyVersionState.DRAFT,
        editable=False,
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)

    objects = SurveyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey version")
        verbose_name_plural = _("survey versions")
        ordering = ["survey", "-number"]
        triggers = [Tracked(about=("survey",))]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="surveyversion_survey_number_uniq"),
            models.UniqueConstraint(
                fields=["survey"], condition=models.Q(state="published"), name="surveyversion_published_uniq"
            ),
            models.UniqueConstraint(
                fields=["survey"], condition=models.Q(state="draft"), name="surveyversion_draft_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", published_at=None)
                | models.Q(state__in=["published", "retired"], published_at__isnull=False),
                name="surveyversion_state_published_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} v{self.number}"

    @property
    def headline(self) -> "Question | None":
        """The first question with a score: it stands in the mail, and its answer decides what is said afterwards."""
        return next((question for question in self.questions.all() if question.scale), None)


class QuestionKind(models.TextChoices):
    NPS = "nps", _("recommendation 0–10 (NPS)")
    CSAT = "csat", _("satisfaction 1–5 (CSAT)")
    CES = "ces", _("effort 1–7 (CES)")
    STARS = "stars", _("stars 1–5")
    SINGLE = "single", _("single choice")
    MULTIPLE = "multiple", _("multiple choice")
    SHORT_TEXT = "short_text", _("short text")
    LONG_TEXT = "long_text", _("long text")


SCALES = {
    QuestionKind.NPS: (0, 10),
    QuestionKind.CSAT: (1, 5),
    QuestionKind.CES: (1, 7),
    QuestionKind.STARS: (1, 5),
}


CHOICE_KINDS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)


def _are_options(options: Any) -> bool:
    if not isinstance(options, list) or not all(isinstance(option, dict) for option in options):
        return False
    texts = [text for option in options for text in (option.get("id"), option.get("de"), option.get("en", ""))]
    if not all(isinstance(text, str) for text in texts):
        return False
    ids = {option["id"] for option in options}
    return 0 < len(ids) == len(options) and all(option["id"] and option["de"] for option in options)


class Question(models.Model):
    personal_fields: ClassVar = ()

    version = models.ForeignKey(
        SurveyVersion,
        on_delete=models.CASCADE,
        related_name="questions",
        verbose_name=_("version"),
        help_text=_("The survey version it belongs to."),
    )
    key = models.SlugField(_("key"), max_length=60, help_text=_("Stays the same from version to version."))
    kind = models.CharField(_("kind"), max_length=12, choices=QuestionKind, help_text=_("How it is answered."))
    position = models.PositiveSmallIntegerField(_("position"), help_text=_("Counts from 1."))
    text_de = models.CharField(_("question (German)"), max_length=300, help_text=_("As customers read it."))
    text_en = models.CharField(
        _("question (English)"), max_length=300, blank=True, help_text=_("Empty falls back to German.")
    )
    options = models.JSONField(
        _("options"),
        default=list,
        blank=True,
        help_text=_('Choices with stable ids: [{"id": "price", "de": "Preis", "en": "Price"}].'),
    )
    is_required = models.BooleanField(_("required"), default=False, help_text=_("Cannot be left empty."))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["version", "position"]
        triggers = [Tracked(about=("version",))]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="question_version_key_uniq"),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="question_version_position_uniq",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=models.Q(kind__in=QuestionKind.values), name="question_kind_check"),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        # An emptied field of a form arrives as None.
        self.options = self.options or []
        if self.kind in CHOICE_KINDS and not _are_options(self.options):
            raise ValidationError(
                {"options": _("A choice needs options, each with an id of its own and a German text.")}
            )

    @property
    def text(self) -> str:
        return in_language(self.text_de, self.text_en)

    @property
    def scale(self) -> range | None:
        """The scores a person may choose, or None where the answer is no score."""
        if self.kind not in SCALES:
            return None
        lowest, highest = SCALES[QuestionKind(self.kind)]
        return range(lowest, highest + 1)

    @property
    def ends(self) -> tuple[str, str]:
        """What the lowest and the highest score mean, as customers read it."""
        return {
            QuestionKind.NPS: (gettext("very unlikely"), gettext("very likely")),
            QuestionKind.CSAT: (gettext("very dissatisfied"), gettext("very satisfied")),
            QuestionKind.CES: (gettext("I do not agree at all"), gettext("I agree completely")),
            QuestionKind.STARS: (gettext("bad"), gettext("excellent")),
        }.get(QuestionKind(self.kind), ("", ""))

    def score_label(self, score: int) -> str:
        if self.kind == QuestionKind.STARS:
            return ngettext("%(count)s star", "%(count)s stars", score) % {"count": score}
        return str(score)

    def option_label(self, option: dict[str, str]) -> str:
        return in_language(option["de"], option.get("en", ""))
