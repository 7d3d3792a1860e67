from datetime import datetime, timedelta
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.labels import in_language
from accounts.models import Brand
from accounts.tracking import Tracked
from customers.models.customer import Customer
from customers.querysets import ConsentQuerySet

UNSUBSCRIBED = "unsubscribe_link"
# A mistake is noticed at once; later somebody else may hold the mail.
UNDO_TIME = timedelta(hours=1)


class Purpose(models.TextChoices):
    SERVICE = "service", _("service")
    SURVEY = "survey", _("survey")
    REVIEW = "review", _("review")
    MARKETING = "marketing", _("marketing")
    PROFILING = "profiling", _("profiling")

    @property
    def described(self) -> str:
        """What a person calls it, as in “no more …”."""
        return str(
            {
                Purpose.SURVEY: _("invitations to surveys"),
                Purpose.REVIEW: _("requests for reviews"),
                Purpose.MARKETING: _("advertising"),
                Purpose.PROFILING: _("evaluation of what you buy"),
            }.get(self, self.label)
        )


class ContactChannel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("phone")
    POST = "post", _("post")


class ConsentState(models.TextChoices):
    GRANTED = "granted", _("granted")
    WITHDRAWN = "withdrawn", _("withdrawn")
    OBJECTED = "objected", _("objected")


class LegalBasis(models.TextChoices):
    OPT_IN = "opt_in", _("opt-in")
    EXISTING_CUSTOMER = "existing_customer", _("existing customer (§ 7 (3) UWG)")


# Also past the pages: what somebody agreed to stays what they read.
kept_as_shown = pgtrigger.Trigger(
    name="kept_as_shown",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    condition=pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*"),
    func=(
        "IF EXISTS (SELECT FROM customers_consent WHERE text_id = OLD.id)"
        " OR EXISTS (SELECT FROM customers_consentrequest WHERE text_id = OLD.id)"
        " THEN RAISE integrity_constraint_violation USING MESSAGE = 'This text was shown to people; add a version.';"
        " END IF; RETURN NEW;"
    ),
)


class ConsentText(models.Model):
    """A version of the words a person was shown; never changed once a consent refers to it."""

    personal_fields: ClassVar = ()

    key = models.SlugField(_("key"), max_length=60, help_text=_("For example “checkout-notice”."))
    version = models.PositiveIntegerField(_("version"), default=1, help_text=_("A new wording is a new version."))
    text_de = models.TextField(_("text (German)"), help_text=_("As shown to German customers; {brand} is the brand."))
    text_en = models.TextField(_("text (English)"), blank=True, help_text=_("As shown to English customers."))
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["key", "-version"]
        triggers = [Tracked(), kept_as_shown]
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="consenttext_key_version_uniq")]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    @property
    def text(self) -> str:
        return in_language(self.text_de, self.text_en)

    @property
    def is_in_use(self) -> bool:
        return self.consents.exists() or self.requests.exists()

    def words(self, language: str, *, brand: Brand) -> str:
        """As they are shown to a person."""
        first, second = (self.text_en, self.text_de) if language == "en" else (self.text_de, self.text_en)
        return (first or second).replace("{brand}", brand.legal_name or brand.name)


class Consent(models.Model):
    """One entry of the append-only ledger: what was allowed or refused for an address, and on which basis."""

    personal_fields: ClassVar = ("address", "proof")

    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("brand"),
        help_text=_("Who may contact."),
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="consents",
        verbose_name=_("customer"),
        help_text=_("Who decided."),
    )
    channel = models.CharField(
        _("channel"),
        max_length=8,
        choices=ContactChannel,
        help_text=_("By which way the person is contacted."),
    )
    address = models.CharField(
        _("address"),
        max_length=320,
        blank=True,
        help_text=_("The normalised address; an objection without address counts for all addresses."),
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose, help_text=_("What it is about."))
    state = models.CharField(_("state"), max_length=12, choices=ConsentState, help_text=_("What was decided."))
    basis = models.CharField(
        _("legal basis"),
        max_length=20,
        choices=LegalBasis,
        blank=True,
        help_text=_("Why contacting is lawful; only for granted."),
    )
    is_from_sale = models.BooleanField(
        _("address from a sale"),
        default=False,
        help_text=_("Obtained with a sale of ours, not by a marketplace."),
    )
    is_for_similar_goods = models.BooleanField(
        _("own similar goods"), default=False, help_text=_("Used for own goods or services like those sold.")
    )
    is_notice_given = models.BooleanField(
        _("notice given"),
        default=False,
        help_text=_("The right to object was named when the address was taken."),
    )
    text = models.ForeignKey(
        ConsentText,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("text shown"),
        help_text=_("The version the person saw."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("In which language the person saw the text."),
    )
    origin = models.CharField(
        _("origin"), max_length=120, help_text=_("Where it was recorded, for example “checkout” or “phone”.")
    )
    proof = models.JSONField(_("proof"), default=dict, blank=True, help_text=_("For example order number and time."))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    # Now() is the start of the statement: who waited for the ledger spoke later than whom they waited for.
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="granted", basis__in=LegalBasis.values)
                | models.Q(state__in=["withdrawn", "objected"], basis=""),
                name="consent_state_basis_check",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="granted", address=""), name="consent_granted_address_check"
            ),
            models.CheckConstraint(
                condition=~models.Q(basis="existing_customer")
                | models.Q(channel="email", is_from_sale=True, is_for_similar_goods=True, is_notice_given=True),
                name="consent_existing_customer_conditions_check",
            ),
            models.CheckConstraint(condition=models.Q(purpose__in=Purpose.values), name="consent_purpose_check"),
            models.CheckConstraint(condition=models.Q(channel__in=ContactChannel.values), name="consent_channel_check"),
        ]
        indexes = [
            models.Index(fields=["customer", "purpose", "channel", "-recorded_at"], name="consent_customer_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.get_channel_display()}: {self.get_state_display()}"

    @property
    def words_shown(self) -> str:
        """As the person saw them; with no language noted, both."""
        if self.text is None:
            return ""
        languages = [self.language] if self.language else [code for code, _name in settings.LANGUAGES]
        return "\n\n".join(dict.fromkeys(self.text.words(language, brand=self.brand) for language in languages))

    @property
    def is_unsubscribed(self) -> bool:
        """The last word on this purpose was an objection for all addresses of the person."""
        last = self._last_word()
        return last.state == ConsentState.OBJECTED and not last.address

    def may_undo_unsubscribe(self, *, now: datetime) -> bool:
        last = self._last_word()
        return self.is_unsubscribed and last.origin == UNSUBSCRIBED and now < last.recorded_at + UNDO_TIME

    def _last_word(self) -> "Consent":
        ledger = Consent.objects.filter(
            customer__canonical=self.customer.canonical_id,
            brand=self.brand,
            purpose=self.purpose,
            channel=self.channel,
        )
        return ledger.newest_first().first() or self


class SuppressionScope(models.TextChoices):
    ALL = "all", _("all mail")
    ADVERTISING = "advertising", _("advertising")


class Suppression(models.Model):
    """An address that must not be written to, kept as a keyed HMAC so that it survives erasure and re-import."""

    personal_fields: ClassVar = ()

    address_hmac = models.BinaryField(_("HMAC of the address"), max_length=32, editable=False)
    scope = models.CharField(
        _("scope"), max_length=12, choices=SuppressionScope, help_text=_("All mail, or advertising only.")
    )
    reason = models.CharField(_("reason"), max_length=120, help_text=_("For example “hard bounce”."))
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["address_hmac", "scope"], name="suppression_address_hmac_scope_uniq"),
            models.CheckConstraint(
                condition=models.Q(scope__in=SuppressionScope.values), name="suppression_scope_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}: {self.reason}"
