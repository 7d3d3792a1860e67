from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.labels import Labelled
from accounts.models.brand import currency_code
from accounts.tracking import Tracked
from touchpoints.querysets import TouchpointTypeQuerySet

LOWEST_VALENCE, HIGHEST_VALENCE = -2, 2
key_of_letters = RegexValidator(r"^[a-z][a-z0-9_]*\Z", _("Use small letters, digits and underscores."))


class Phase(models.TextChoices):
    """The five phases of every journey, in their order."""

    AWARENESS = "awareness", _("Awareness")
    CONSIDERATION = "consideration", _("Consideration")
    PURCHASE = "purchase", _("Purchase")
    RETENTION = "retention", _("Retention")
    ADVOCACY = "advocacy", _("Advocacy")


class Channel(Labelled):
    personal_fields: ClassVar = ()

    key = models.CharField(
        _("key"), max_length=40, unique=True, validators=[key_of_letters], help_text=_("Used in the API.")
    )
    icon = models.CharField(_("icon"), max_length=40, blank=True, help_text=_("Name of a Lucide icon."))
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Order in lists."))

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["position", "key"]
        triggers = [Tracked()]


class TypeState(models.TextChoices):
    NEW = "new", _("new, waits for classification")
    ACTIVE = "active", _("active")


class TouchpointType(Labelled):
    """What can happen: one entry of the vocabulary."""

    personal_fields: ClassVar = ()

    key = models.CharField(
        _("key"), max_length=80, unique=True, help_text=_("Used in the API, for example order_delivered.")
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=TypeState,
        default=TypeState.ACTIVE,
        help_text=_("New types come from SDKs."),
    )
    channel = models.ForeignKey(
        Channel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="types",
        verbose_name=_("usual channel"),
        help_text=_("Taken where a touchpoint names none."),
    )
    phase = models.CharField(
        _("phase"),
        max_length=16,
        choices=Phase,
        blank=True,
        help_text=_("Where on a customer’s way it usually lies."),
    )
    default_valence = models.SmallIntegerField(
        _("usual valence"),
        null=True,
        blank=True,
        validators=[MinValueValidator(LOWEST_VALENCE), MaxValueValidator(HIGHEST_VALENCE)],
        help_text=_("How it usually feels, −2 to +2; shown, never counted as measured."),
    )
    aliases = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("aliases"),
        default=list,
        blank=True,
        help_text=_("Other names under which it arrives, for example “Order Completed”."),
    )
    is_logged_by_hand = models.BooleanField(
        _("logged by hand"), default=False, help_text=_("Offered to agents when they log a contact.")
    )
    analysed_properties = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("analysed properties"),
        default=list,
        blank=True,
        help_text=_("Names of properties by which analyses may break it down, for example plan, store."),
    )
    cost = models.DecimalField(
        _("cost"),
        max_digits=10,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("What one of these costs us, if known."),
    )
    cost_currency = models.CharField(
        _("currency of the cost"),
        max_length=3,
        blank=True,
        validators=[currency_code],
        help_text=_("For example EUR."),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
        help_text=_("It means the same as this type; its touchpoints keep their own type and are read as that one."),
    )
    # The end of the way that merged_into leads; a trigger lets a new type stand for itself.
    canonical = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="group",
        verbose_name=_("read as"),
    )

    objects = TouchpointTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("touchpoint type")
        verbose_name_plural = _("touchpoint types")
        ordering = ["key"]
        triggers = [Tracked(untold=("canonical",))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(default_valence=None)
                | models.Q(default_valence__range=(LOWEST_VALENCE, HIGHEST_VALENCE)),
                name="touchpointtype_default_valence_check",
            ),
            models.CheckConstraint(
                condition=models.Q(cost=None, cost_currency="") | models.Q(cost__gte=0) & ~models.Q(cost_currency=""),
                name="touchpointtype_cost_currency_check",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="touchpointtype_merged_into_check"
            ),
            models.CheckConstraint(condition=models.Q(state__in=TypeState.values), name="touchpointtype_state_check"),
            models.CheckConstraint(
                condition=models.Q(phase__in=["", *Phase.values]), name="touchpointtype_phase_check"
            ),
        ]

    def clean(self) -> None:
        """A name means one type: what is sent under it must not depend on the order of rows."""
        others = TouchpointType.objects.exclude(pk=self.pk)
        taken = others.filter(models.Q(key__in=self.aliases) | models.Q(aliases__overlap=[self.key, *self.aliases]))
        if other := taken.first():
            said = _("One of these names means “%(type)s” (%(key)s) already. Merge the two types instead.")
            raise ValidationError({"aliases": ValidationError(said, params={"type": other, "key": other.key})})

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None
