from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand, Team
from accounts.tracking import Tracked
from customers.models import Customer
from touchpoints.models.case_reason import CaseReason
from touchpoints.querysets import CaseQuerySet


class CaseKind(models.TextChoices):
    QUESTION = "question", _("question")
    COMPLAINT = "complaint", _("complaint")
    FIELD_VISIT = "field_visit", _("field visit")
    CALLBACK = "callback", _("callback")
    FOLLOW_UP = "follow_up", _("follow-up")


class CaseState(models.TextChoices):
    OPEN = "open", _("open")
    WAITING = "waiting", _("waiting for customer")
    RESOLVED = "resolved", _("resolved")
    CLOSED = "closed", _("closed")


class CasePriority(models.IntegerChoices):
    LOW = 1, _("low")
    NORMAL = 2, _("normal")
    HIGH = 3, _("high")
    URGENT = 4, _("urgent")


class Case(models.Model):
    """Something an agent must bring to an end. Every change of state is a touchpoint of the subject case:<number>."""

    personal_fields: ClassVar = ("title", "description", "resolution_note")

    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("brand"),
        help_text=_("Whose case it is."),
    )
    number = models.CharField(_("number"), max_length=40, help_text=_("Unique per brand, for example V-1001."))
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="cases",
        verbose_name=_("customer"),
        help_text=_("Whose problem it is."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=CaseKind,
        default=CaseKind.QUESTION,
        help_text=_("What sort of case."),
    )
    title = models.CharField(_("title"), max_length=200, help_text=_("One line that a colleague understands."))
    description = models.TextField(_("description"), blank=True, help_text=_("What the customer said."))
    state = models.CharField(
        _("state"), max_length=8, choices=CaseState, default=CaseState.OPEN, help_text=_("Where it stands.")
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        choices=CasePriority,
        default=CasePriority.NORMAL,
        help_text=_("Urgent ones come first."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("owner"),
        help_text=_("Who brings it to an end."),
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("team"),
        help_text=_("The team that works it."),
    )
    due_at = models.DateTimeField(
        _("due at"),
        null=True,
        blank=True,
        help_text=_("When it should be done; left empty, it follows from the priority and the business hours."),
    )
    due_from = models.DateTimeField(
        _("due time counts from"), default=timezone.now, editable=False, help_text=_("Opened, or opened again.")
    )
    is_due_by_hand = models.BooleanField(_("due time set by hand"), default=False, editable=False)
    related_subject = models.CharField(
        _("related to"), max_length=120, blank=True, help_text=_("For example order:1001.")
    )
    root_cause = models.ForeignKey(
        CaseReason,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="caused_cases",
        verbose_name=_("root cause"),
        help_text=_("Why it happened; needed to resolve."),
    )
    resolution = models.ForeignKey(
        CaseReason,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resolved_cases",
        verbose_name=_("resolution"),
        help_text=_("What helped; needed to resolve."),
    )
    resolution_note = models.TextField(_("what was done"), blank=True, help_text=_("In a few words, for colleagues."))
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, editable=False)
    # Grows with every change, kept by a trigger.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-priority", "due_at", "id"]
        triggers = [Tracked(about=("customer",), untold=("version",))]
        constraints = [
            models.UniqueConstraint(fields=["brand", "number"], name="case_brand_number_uniq"),
            models.CheckConstraint(condition=models.Q(kind__in=CaseKind.values), name="case_kind_check"),
            models.CheckConstraint(condition=models.Q(state__in=CaseState.values), name="case_state_check"),
            models.CheckConstraint(condition=models.Q(priority__in=CasePriority.values), name="case_priority_check"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["resolved", "closed"])
                | models.Q(resolved_at__isnull=False, resolution__isnull=False, root_cause__isnull=False),
                name="case_state_resolution_check",
            ),
        ]
        indexes = [models.Index(fields=["owner", "due_at"], name="case_owner_due_at_idx")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def subject(self) -> str:
        return f"case:{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in (CaseState.OPEN, CaseState.WAITING)
