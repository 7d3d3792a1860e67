from datetime import datetime, timedelta
from typing import ClassVar, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from accounts.labels import Labelled
from accounts.models import Brand
from accounts.tracking import Tracked
from customers.models import Customer
from customers.models.consent import Purpose
from surveys.models.survey import Survey
from surveys.querysets import CampaignQuerySet, InvitationQuerySet
from touchpoints.models import Touchpoint, TouchpointType
from touchpoints.models.subject import SubjectKind

TIME_TO_EDIT = timedelta(hours=24)
ASKING_PURPOSES = (Purpose.SURVEY, Purpose.REVIEW)


class Campaign(Labelled):
    """When to ask whom which survey."""

    personal_fields: ClassVar = ()

    key = models.SlugField(_("key"), max_length=60, unique=True, help_text=_("Used in the API."))
    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("brand"),
        help_text=_("Who asks."),
    )
    survey = models.ForeignKey(
        Survey,
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("survey"),
        help_text=_("What is asked."),
    )
    purpose = models.CharField(
        _("purpose"),
        max_length=12,
        choices=[(purpose.value, purpose.label) for purpose in ASKING_PURPOSES],
        help_text=_("The purpose a consent must name."),
    )
    trigger_type = models.ForeignKey(
        TouchpointType,
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("trigger"),
        help_text=_("The touchpoint that starts the clock."),
    )
    conditions = models.JSONField(
        _("conditions"),
        default=dict,
        blank=True,
        help_text=_('Properties the trigger must have, e.g. {"express": true}.'),
    )
    delay_minutes = models.PositiveIntegerField(
        _("delay"), default=0, help_text=_("Minutes after the trigger; seven days are 10080.")
    )
    window_from_hour = models.PositiveSmallIntegerField(
        _("not before"),
        default=9,
        validators=[MaxValueValidator(23)],
        help_text=_("Hour of the customer’s local day."),
    )
    window_to_hour = models.PositiveSmallIntegerField(
        _("not after"),
        default=18,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
        help_text=_("Hour of the customer’s local day."),
    )
    is_weekdays_only = models.BooleanField(
        _("Monday to Friday only"), default=True, help_text=_("No mail on weekends.")
    )
    quiet_days = models.PositiveSmallIntegerField(
        _("quiet period"), default=30, help_text=_("Days without any other request to the same person.")
    )
    expires_days = models.PositiveSmallIntegerField(
        _("link valid for"), default=60, validators=[MinValueValidator(1)], help_text=_("Days after sending.")
    )
    recommendation_url = models.URLField(
        _("recommendation link"),
        blank=True,
        help_text=_("Offered after answering, to everyone alike: a page that customers may share."),
    )
    public_review_url = models.URLField(
        _("public review link"),
        blank=True,
        help_text=_("Offered after answering, to everyone alike: where a public review may be written."),
    )
    activated_at = models.DateTimeField(
        _("active since"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Older touchpoints never invite."),
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["key"]
        triggers = [Tracked()]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(window_from_hour__lt=models.F("window_to_hour")),
                name="campaign_window_check",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=[p.value for p in ASKING_PURPOSES]),
                name="campaign_purpose_check",
            ),
        ]

    @property
    def is_active(self) -> bool:
        return self.activated_at is not None

    def clean(self) -> None:
        # An emptied field of a form arrives as None.
        self.conditions = self.conditions or {}
        if not isinstance(self.conditions, dict):
            raise ValidationError(
                {"conditions": _('Write properties and their values, for example {"express": true}.')}
            )


class InvitationState(models.TextChoices):
    PLANNED = "planned", _("planned")
    SENT = "sent", _("sent")
    ANSWERED = "answered", _("answered")
    SUPPRESSED = "suppressed", _("suppressed")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("expired")


class LinkState(models.TextChoices):
    """What the link of an invitation opens."""

    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


class Invitation(models.Model):
    """The ledger: one row for every touchpoint that could have asked, with what became of it and why."""

    personal_fields: ClassVar = ()

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("campaign")
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("customer")
    )
    touchpoint = models.ForeignKey(
        Touchpoint, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("trigger")
    )
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=InvitationState, default=InvitationState.PLANNED)
    reason = models.CharField(_("reason"), max_length=40, blank=True, help_text=_("Reason code, surveys.eligibility."))
    due_at = models.DateTimeField(_("due at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    nonce = models.BigIntegerField(_("nonce"), help_text=_("Part of the link; a new one revokes the link."))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "subject"],
                condition=~models.Q(subject=""),
                name="invitation_campaign_subject_uniq",
            ),
            models.UniqueConstraint(fields=["campaign", "touchpoint"], name="invitation_campaign_touchpoint_uniq"),
            models.CheckConstraint(condition=models.Q(state__in=InvitationState.values), name="invitation_state_check"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["suppressed", "cancelled"]) | ~models.Q(reason=""),
                name="invitation_reason_check",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["sent", "expired"]) | models.Q(sent_at__isnull=False),
                name="invitation_sent_at_check",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="answered") | models.Q(answered_at__isnull=False),
                name="invitation_answered_at_check",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="planned"), name="invitation_due_idx"),
            models.Index(fields=["customer", "sent_at"], name="invitation_customer_sent_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} → {self.customer}"

    @property
    def subject_label(self) -> str:
        """What it is about, as people know it: “Order 1001”; empty without a subject."""
        kind, _separator, key = self.subject.partition(":")
        names = {SubjectKind.ORDER: pgettext("purchase", "Order"), SubjectKind.CASE: gettext("Case")}
        return f"{names.get(SubjectKind(kind), '')} {key}".strip() if kind in SubjectKind.values else ""

    def closes_at(self) -> datetime:
        # A mail in doubt was perhaps sent when it was due.
        return (self.sent_at or self.due_at) + timedelta(days=self.campaign.expires_days)

    def link_state(self, *, now: datetime) -> LinkState:
        """Answers may be changed until a day after they were sent; an anonymous one is cut off and final."""
        if self.state == InvitationState.ANSWERED:
            is_final = self.campaign.survey.is_anonymous or now > cast(datetime, self.answered_at) + TIME_TO_EDIT
            if is_final or self.campaign.survey.is_closed:
                return LinkState.ANSWERED
            return LinkState.OPEN
        is_over = self.state not in (InvitationState.PLANNED, InvitationState.SENT) or now > self.closes_at()
        return LinkState.CLOSED if is_over or self.campaign.survey.is_closed else LinkState.OPEN
