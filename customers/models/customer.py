from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from accounts.models.brand import Brand, validate_time_zone
from accounts.tracking import Tracked, tracked_in_bulk
from customers.models.tag import Tag
from customers.naming import display_name, salutation_line
from customers.querysets import CustomerQuerySet
from customers.search import NAME_WORDS, SpelledAlike


class CustomerKind(models.TextChoices):
    PERSON = "person", _("person")
    COMPANY = "company", _("company")


KIND_IS_SETTLED = _("Companies have members, and people belong to companies. Remove these first.")


class Salutation(models.TextChoices):
    FRAU = "frau", _("Ms")
    HERR = "herr", _("Mr")


class Customer(models.Model):
    """A person or company. Merged records share one canonical customer; nothing is ever rewritten."""

    personal_fields: ClassVar = (
        "salutation", "title", "given_name", "family_name", "company_name", "street", "postal_code", "city",
        "properties",
    )  # fmt: skip

    kind = models.CharField(
        _("kind"),
        max_length=8,
        choices=CustomerKind,
        default=CustomerKind.PERSON,
        help_text=_("Person or company."),
    )
    salutation = models.CharField(
        _("salutation"),
        max_length=4,
        choices=Salutation,
        blank=True,
        help_text=_("Empty: addressed by full name."),
    )
    title = models.CharField(_("title"), max_length=40, blank=True, help_text=_("For example Dr."))
    given_name = models.CharField(_("given name"), max_length=120, blank=True, help_text=_("First name."))
    family_name = models.CharField(_("family name"), max_length=120, blank=True, help_text=_("Last name."))
    company_name = models.CharField(_("company"), max_length=200, blank=True, help_text=_("Name of the company."))
    street = models.CharField(_("street"), max_length=200, blank=True, help_text=_("Street and number."))
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True, help_text=_("For example 10115."))
    city = models.CharField(_("city"), max_length=120, blank=True, help_text=_("For example Berlin."))
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Two letters, for example DE."))
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Of mails and answer pages; empty: the brand’s language."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Mails arrive in this zone’s daytime; empty: the brand’s zone."),
    )
    is_known = models.BooleanField(
        _("known"), default=False, help_text=_("Off while only an anonymous browser or receipt is known.")
    )
    canonical = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="group",
        verbose_name=_("canonical customer"),
        help_text=_("The one record that stands for the merged group; a trigger fills in the row itself."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="customers",
        verbose_name=_("owner"),
        help_text=_("The colleague who looks after this customer."),
    )
    tags = models.ManyToManyField(
        Tag,
        blank=True,
        related_name="customers",
        verbose_name=_("tags"),
        help_text=_("Words by which customers are found and put together."),
    )
    properties = models.JSONField(
        _("further details"),
        default=dict,
        db_default={},
        blank=True,
        editable=False,
        help_text=_("What an import brought beside the fields: texts, numbers and days by the name of their column."),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    # Written by triggers only, so that bulk writes count too (migrations/0006_versions.sql).
    version = models.IntegerField(_("version"), db_default=1, editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["-id"]
        permissions = [("export_customer", "Can export customers")]
        triggers = tracked_in_bulk(untold=("canonical", "is_known", "version"))
        indexes = [
            GinIndex(OpClass(NAME_WORDS, name="gin_trgm_ops"), name="customer_name_words_idx"),
            # Lists narrowed by a rare value, newest first.
            models.Index(fields=["owner", "-id"], name="customer_owner_idx"),
            models.Index(fields=["kind", "-id"], name="customer_kind_idx"),
            models.Index(fields=["language", "-id"], name="customer_language_idx"),
            models.Index(fields=["is_known", "-id"], name="customer_is_known_idx"),
            # The same family at one postal code (customers/sql/find_candidates.sql).
            models.Index(
                SpelledAlike("family_name"),
                "postal_code",
                condition=~models.Q(postal_code="") & ~models.Q(family_name=""),
                name="customer_family_postal_idx",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=CustomerKind.values), name="customer_kind_check"),
            models.CheckConstraint(
                condition=models.Q(salutation__in=["", *Salutation.values]), name="customer_salutation_check"
            ),
        ]

    def __str__(self) -> str:
        return display_name(self) or _("Anonymous %(id)s") % {"id": self.pk}

    def clean(self) -> None:
        if self.has_memberships_of_other_kind:
            raise ValidationError({"kind": KIND_IS_SETTLED})

    @property
    def salutation_line(self) -> str:
        return salutation_line(self)

    @property
    def has_memberships_of_other_kind(self) -> bool:
        """A company has members, a person belongs to companies."""
        return bool(self.pk) and (self.memberships if self.kind == CustomerKind.COMPANY else self.members).exists()

    @property
    def person(self) -> "Customer":
        """The record that stands for this one."""
        return self.canonical or self

    @property
    def details(self) -> str:
        """What stands beside the fields, in words; numbers as the reader writes them."""
        return ", ".join(f"{name}: {localize(value)}" for name, value in self.properties.items())

    @property
    def phone_country(self) -> str:
        """Completes phone numbers of this customer that are written without a prefix."""
        return self.country or Brand.objects.home_country()

    @property
    def is_canonical(self) -> bool:
        return self.canonical_id in (None, self.pk)


class CustomerTag(Customer.tags.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("tag")
        triggers = [Tracked(about=("customer",))]
