from typing import ClassVar
from zoneinfo import ZoneInfo

import holidays
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand, Team
from accounts.models.brand import validate_time_zone
from accounts.tracking import Tracked
from touchpoints.models.case import CasePriority


class BusinessHours(models.Model):
    """When a brand, or one of its teams, works; and in how many working minutes a case is due."""

    personal_fields: ClassVar = ()

    name = models.CharField(_("name"), max_length=120, help_text=_("For example “Service Nord”."))
    brand = models.ForeignKey(
        Brand,
        on_delete=models.CASCADE,
        related_name="business_hours",
        verbose_name=_("brand"),
        help_text=_("Whose cases go by these hours."),
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="business_hours",
        verbose_name=_("team"),
        help_text=_("Only for cases of this team; empty: for all others of the brand."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Europe/Berlin",
        validators=[validate_time_zone],
        help_text=_("The clock by which the hours are meant."),
    )
    country = models.CharField(
        _("country"), max_length=2, default="DE", help_text=_("Two letters; whose public holidays are free.")
    )
    subdivision = models.CharField(
        _("federal state"),
        max_length=20,
        blank=True,
        help_text=_("Whose own holidays are free as well; empty: only those of the whole country."),
    )
    urgent_minutes = models.PositiveIntegerField(
        _("urgent"), default=4 * 60, validators=[MinValueValidator(1)], help_text=_("Working minutes until due.")
    )
    high_minutes = models.PositiveIntegerField(
        _("high"), default=8 * 60, validators=[MinValueValidator(1)], help_text=_("Working minutes until due.")
    )
    normal_minutes = models.PositiveIntegerField(
        _("normal"), default=16 * 60, validators=[MinValueValidator(1)], help_text=_("Working minutes until due.")
    )
    low_minutes = models.PositiveIntegerField(
        _("low"), default=40 * 60, validators=[MinValueValidator(1)], help_text=_("Working minutes until due.")
    )

    class Meta:
        verbose_name = _("business hours")
        verbose_name_plural = _("business hours")
        ordering = ["brand", "name"]
        triggers = [Tracked()]
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "team"], nulls_distinct=False, name="businesshours_brand_team_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    urgent_minutes__gte=1, high_minutes__gte=1, normal_minutes__gte=1, low_minutes__gte=1
                ),
                name="businesshours_minutes_check",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        lands = holidays.list_supported_countries()
        if self.country not in lands:
            raise ValidationError({"country": _("The holidays of this country are not known. Write for example DE.")})
        if self.subdivision and self.subdivision not in lands[self.country]:
            known = ", ".join(sorted(lands[self.country]))
            said = _("There is no such part of this country. Known are: %(known)s.")
            raise ValidationError({"subdivision": ValidationError(said, params={"known": known})})

    def minutes_until_due(self, priority: int) -> int:
        return {
            CasePriority.LOW: self.low_minutes,
            CasePriority.NORMAL: self.normal_minutes,
            CasePriority.HIGH: self.high_minutes,
            CasePriority.URGENT: self.urgent_minutes,
        }[CasePriority(priority)]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class OpenHours(models.Model):
    """From when to when on one day of the week; several on a day leave a break between."""

    personal_fields: ClassVar = ()

    hours = models.ForeignKey(
        BusinessHours, on_delete=models.CASCADE, related_name="windows", verbose_name=_("business hours")
    )
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday, help_text=_("Every week."))
    opens_at = models.TimeField(_("from"), help_text=_("For example 09:00."))
    closes_at = models.TimeField(_("to"), help_text=_("For example 17:30; 00:00 is midnight, the end of the day."))

    class Meta:
        verbose_name = _("open hours")
        verbose_name_plural = _("open hours")
        ordering = ["weekday", "opens_at"]
        triggers = [Tracked(about=("hours",))]
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="openhours_weekday_check"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")) | models.Q(closes_at="00:00"),
                name="openhours_opens_closes_check",
                violation_error_message=_("The end must lie after the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"


class ClosedDay(models.Model):
    """A day off beside the public holidays, for example 24 December."""

    personal_fields: ClassVar = ()

    hours = models.ForeignKey(
        BusinessHours, on_delete=models.CASCADE, related_name="closed_days", verbose_name=_("business hours")
    )
    day = models.DateField(_("day"), help_text=_("Closed the whole day."))
    is_yearly = models.BooleanField(_("every year"), default=False, help_text=_("On the same day of every year."))
    name = models.CharField(_("name"), max_length=120, help_text=_("For example “Christmas Eve”."))

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        ordering = ["day"]
        triggers = [Tracked(about=("hours",))]
        constraints = [models.UniqueConstraint(fields=["hours", "day"], name="closedday_hours_day_uniq")]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} {self.name}"
