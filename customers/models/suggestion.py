from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.tracking import tracked_in_bulk
from customers.models.customer import Customer
from customers.models.merge import Merge
from customers.querysets import MergeSuggestionQuerySet
from customers.similarity import LIKELY_FROM, VERY_LIKELY_FROM, Similarity


class Evidence(models.TextChoices):
    """What two records have in common."""

    NAME = "name", _("similar name")
    PHONE = "phone", _("same phone")
    ADDRESS = "address", _("same address")
    DEVICE = "device", _("same device")
    IDENTIFIER = "identifier", _("same identifier")


class SuggestionState(models.TextChoices):
    OPEN = "open", _("open")
    KEPT_APART = "kept_apart", _("kept apart")
    LATER = "later", _("later")
    MERGED = "merged", _("merged")


class Decision(models.TextChoices):
    MERGE = "merge", _("Merge")
    KEEP_APART = "keep_apart", _("Keep apart")
    LATER = "later", _("Decide later")

    @property
    def state(self) -> SuggestionState:
        return {
            Decision.MERGE: SuggestionState.MERGED,
            Decision.KEEP_APART: SuggestionState.KEPT_APART,
        }.get(self, SuggestionState.LATER)


UNDECIDED = (SuggestionState.OPEN, SuggestionState.LATER)


class MergeSuggestion(models.Model):
    """Two records that may be one person. What staff decided is asked again only for evidence of a new kind."""

    personal_fields: ClassVar = ()

    one = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="suggestions_as_one",
        verbose_name=_("older record"),
        help_text=_("The record with the smaller number."),
    )
    other = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="suggestions_as_other",
        verbose_name=_("newer record"),
        help_text=_("The record with the greater number."),
    )
    score = models.FloatField(_("likelihood"), help_text=_("0 to 1, from all that the two have in common."))
    reasons = ArrayField(
        models.CharField(max_length=12, choices=Evidence),
        verbose_name=_("in common"),
        help_text=_("What the two have in common."),
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=SuggestionState,
        default=SuggestionState.OPEN,
        help_text=_("What was decided last."),
    )
    ask_again_on = models.DateField(_("asked again on"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="decided_suggestions",
        verbose_name=_("decided by"),
    )
    # Stays when new evidence opens the suggestion again: the page then tells what was decided before.
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_reasons = ArrayField(
        models.CharField(max_length=12, choices=Evidence), default=list, editable=False, verbose_name=_("known then")
    )
    merge = models.ForeignKey(
        Merge, on_delete=models.SET_NULL, null=True, editable=False, related_name="suggestions", verbose_name=_("merge")
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = MergeSuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge suggestion")
        verbose_name_plural = _("merge suggestions")
        ordering = ["-score", "-id"]
        triggers = tracked_in_bulk(about=("one", "other"), untold=("decided_by", "decided_at"))
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="mergesuggestion_one_other_uniq"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="mergesuggestion_one_other_check"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="mergesuggestion_score_check"),
            models.CheckConstraint(
                condition=Q(reasons__contained_by=Evidence.values, reasons__len__gt=0),
                name="mergesuggestion_reasons_check",
            ),
            models.CheckConstraint(condition=Q(state__in=SuggestionState.values), name="mergesuggestion_state_check"),
            models.CheckConstraint(
                condition=Q(state="later", ask_again_on__isnull=False) | (~Q(state="later") & Q(ask_again_on=None)),
                name="mergesuggestion_ask_again_on_check",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False), name="mergesuggestion_decided_at_check"
            ),
        ]
        indexes = [
            # What staff still have to decide, likeliest first.
            models.Index(
                F("score").desc(),
                F("id").desc(),
                condition=Q(state__in=["open", "later"]),
                name="mergesuggestion_undecided_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one} – {self.other}"

    @property
    def is_decided(self) -> bool:
        return self.state not in UNDECIDED

    @property
    def was_decided(self) -> bool:
        """Once at least, and not only put off: it is kept so that nobody is asked the same again."""
        return self.decided_at is not None and self.state != SuggestionState.LATER

    @property
    def is_parted(self) -> bool:
        """They were merged as decided here, and elsewhere taken apart again."""
        return self.state == SuggestionState.MERGED and not self.is_one_person

    @property
    def is_to_decide(self) -> bool:
        return not self.is_one_person and (not self.is_decided or self.is_parted)

    def is_so(self, decision: Decision, *, kept: int | None, today: date) -> bool:
        """Whether this was decided already and holds, so that deciding it once more would change nothing."""
        if self.state != decision.state:
            return False
        if decision == Decision.MERGE:
            given_up = {self.one_id, self.other_id} - {kept or self.one.canonical_id}
            return self.is_one_person and self.one.canonical_id not in given_up
        is_due = self.ask_again_on is not None and self.ask_again_on <= today
        return not self.is_one_person and not is_due

    @property
    def new_reasons(self) -> list[str]:
        """What came to light after the last decision."""
        return [reason for reason in self.reasons if self.decided_at and reason not in self.decided_reasons]

    def heed(self, similarity: Similarity) -> bool:
        """Take in what the two have in common by now; whether it changed anything.

        What staff decided stands until there is evidence of a kind that they did not know. Where nothing is left in
        common, what was known stands.
        """
        if not similarity.reasons:
            return False
        if self.is_decided and {*similarity.reasons} <= {*self.decided_reasons}:
            return False
        if self.is_decided:
            self.state = SuggestionState.OPEN
        elif (self.score, self.reasons) == similarity:
            return False
        self.score, self.reasons = similarity
        return True

    @property
    def is_one_person(self) -> bool:
        return self.one.canonical_id == self.other.canonical_id

    @property
    def likelihood_told(self) -> str:
        if self.score >= VERY_LIKELY_FROM:
            return str(_("very likely"))
        return str(_("likely") if self.score >= LIKELY_FROM else _("possible"))

    @property
    def new_reasons_told(self) -> str:
        return ", ".join(str(Evidence(reason).label) for reason in self.new_reasons)

    @property
    def seen(self) -> str:
        """What a page shows of its state: who decides with this behind them has not missed anything."""
        return f"{self.state} {self.decided_at.isoformat() if self.decided_at else ''}".strip()

    @property
    def reasons_told(self) -> str:
        return ", ".join(str(Evidence(reason).label) for reason in self.reasons)

    @property
    def told(self) -> str:
        """Who decided what, and when, and whether it was undone since."""
        if self.decided_at is None or self.state == SuggestionState.OPEN:
            return str(_("Nothing is decided."))
        who = self.decided_by or _("An integration")
        when = date_format(timezone.localtime(self.decided_at), "SHORT_DATETIME_FORMAT")
        sentence = {
            SuggestionState.MERGED: _("%(who)s merged the two on %(when)s."),
            SuggestionState.KEPT_APART: _("%(who)s kept the two apart on %(when)s."),
        }.get(SuggestionState(self.state), _("%(who)s put the decision off on %(when)s."))
        decided = str(sentence % {"who": who, "when": when})
        return f"{decided} {self._undone_told}" if self.is_parted else decided

    @property
    def _undone_told(self) -> str:
        if self.merge is None or self.merge.undone_at is None:
            return str(_("They have been parted since."))
        when = date_format(timezone.localtime(self.merge.undone_at), "SHORT_DATETIME_FORMAT")
        return str(
            _("%(who)s undid that merge on %(when)s.")
            % {"who": self.merge.undone_by or _("An integration"), "when": when}
        )


class Comparison(models.Model):
    """A record still to be compared with all others, or two that one event named together; the row goes when done."""

    personal_fields: ClassVar = ()

    # Neither constraint nor index in the database: every imported row would pay for them, and rows live for seconds.
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("customer"),
    )
    other = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("other customer"),
    )
    evidence = models.CharField(_("in common"), max_length=12, choices=Evidence, blank=True, db_default="")
    noted_at = models.DateTimeField(_("noted at"), db_default=Now())

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(other=None, evidence="") | Q(other__isnull=False, evidence__in=Evidence.values),
                name="comparison_evidence_check",
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} – {self.other_id or '*'}"
