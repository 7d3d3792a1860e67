from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from touchpoints.models.source import Source
from touchpoints.models.vocabulary import HIGHEST_VALENCE, LOWEST_VALENCE, Channel, TouchpointType
from touchpoints.querysets import TouchpointQuerySet


class Actor(models.TextChoices):
    CUSTOMER = "customer", _("customer")
    AGENT = "agent", _("agent")
    BOT = "bot", _("bot")
    SYSTEM = "system", _("system")


class Touchpoint(models.Model):
    """One thing that happened to one customer at one time. Append-only; a correction `replaces` another."""

    personal_fields: ClassVar = ("properties", "referrer", "place")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="touchpoints", verbose_name=_("source"))
    message_id = models.CharField(_("message ID"), max_length=100, help_text=_("Unique per source, for ever."))
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="touchpoints",
        verbose_name=_("customer"),
        help_text=_("The record as it was known on arrival; read the person through its canonical customer."),
    )
    type = models.ForeignKey(
        TouchpointType,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="touchpoints",
        verbose_name=_("type"),
        help_text=_("Empty only on a retraction."),
    )
    channel = models.ForeignKey(
        Channel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="touchpoints",
        verbose_name=_("channel"),
        help_text=_("By which way it happened."),
    )
    occurred_at = models.DateTimeField(_("occurred at"), help_text=_("When it happened, in whole milliseconds."))
    received_at = models.DateTimeField(_("received at"), db_default=Now(), editable=False)
    subject = models.CharField(
        _("subject"),
        max_length=120,
        blank=True,
        help_text=_("What it was about, as kind:key, e.g. order:1001."),
    )
    # Four places: prices below a cent times a quantity must add up exactly.
    value = models.DecimalField(
        _("value"), max_digits=16, decimal_places=4, null=True, blank=True, help_text=_("Amount of money.")
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("For example EUR."))
    valence = models.SmallIntegerField(_("valence"), null=True, blank=True, help_text=_("How it felt, −2 to +2."))
    session_id = models.CharField(_("session"), max_length=100, blank=True, help_text=_("The visit it was part of."))
    campaign = models.JSONField(
        _("campaign"), null=True, blank=True, help_text=_("source, medium, name, term, content.")
    )
    referrer = models.TextField(_("referrer"), blank=True, help_text=_("The page that led here."))
    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("For example a store."))
    actor = models.CharField(_("actor"), max_length=8, choices=Actor, default=Actor.CUSTOMER, help_text=_("Who acted."))
    acquisition_channel = models.CharField(
        _("acquisition channel"),
        max_length=40,
        blank=True,
        help_text=_("Derived from campaign and referrer."),
    )
    replaces = models.CharField(
        _("replaces"),
        max_length=100,
        blank=True,
        help_text=_("The message ID of the touchpoint this one corrects; without type it retracts it."),
    )
    properties = models.JSONField(_("properties"), default=dict, blank=True, help_text=_("Anything else."))
    fingerprint = models.BigIntegerField(
        _("fingerprint"),
        default=0,
        editable=False,
        help_text=_("Tells a repeat from a conflict (touchpoints.fingerprint)."),
    )

    objects = TouchpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("touchpoint")
        verbose_name_plural = _("touchpoints")
        ordering = ["-occurred_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "message_id"], name="touchpoint_source_message_id_uniq"),
            models.CheckConstraint(
                condition=models.Q(valence=None) | models.Q(valence__range=(LOWEST_VALENCE, HIGHEST_VALENCE)),
                name="touchpoint_valence_check",
            ),
            models.CheckConstraint(
                condition=models.Q(type__isnull=False) | ~models.Q(replaces=""),
                name="touchpoint_type_replaces_check",
            ),
            models.CheckConstraint(
                condition=models.Q(value=None) | ~models.Q(currency=""),
                name="touchpoint_value_currency_check",
            ),
            models.CheckConstraint(condition=models.Q(actor__in=Actor.values), name="touchpoint_actor_check"),
        ]
        indexes = [
            models.Index(fields=["customer", "-occurred_at", "-id"], name="touchpoint_customer_time_idx"),
            models.Index(fields=["subject"], condition=~models.Q(subject=""), name="touchpoint_subject_idx"),
            models.Index(
                fields=["source", "replaces"],
                condition=~models.Q(replaces=""),
                name="touchpoint_replaces_idx",
            ),
        ]

    def __str__(self) -> str:
        when = date_format(localtime(self.occurred_at), "SHORT_DATETIME_FORMAT")
        return f"{self.type or _('retraction')} {when}"

    @property
    def meaning(self) -> TouchpointType | None:
        """Its type, or the one that this was merged into; read with `select_related("type__canonical")`."""
        return self.type and (self.type.canonical or self.type)

    @property
    def way(self) -> Channel | None:
        """Its channel, else the usual one of its type."""
        return self.channel or (self.meaning.channel if self.meaning else None)

    @property
    def subject_key(self) -> str:
        """1001 of order:1001."""
        return self.subject.partition(":")[2]
