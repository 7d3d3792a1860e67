from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.tracking import Tracked


class User(AbstractUser):
    """A person on our side: staff of the company, never a customer."""

    personal_fields: ClassVar = ("username", "first_name", "last_name", "email")

    language = models.CharField(
        _("language"),
        max_length=2,
        choices=settings.LANGUAGES,
        default="de",
        help_text=_("The language of the pages and of mails to this person."),
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        triggers = [Tracked(untold=("last_login",), secret=("password",))]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def switch_language(self, language: str) -> None:
        self.language = language
        self.save(update_fields=["language"])


class UserRole(User.groups.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("role")
        triggers = [Tracked(about=("user",))]


class UserPermission(User.user_permissions.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("permission")
        triggers = [Tracked(about=("user",))]


class Team(models.Model):
    personal_fields: ClassVar = ()

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("For example “Service Nord”."))
    lead = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="led_teams",
        verbose_name=_("lead"),
        help_text=_("Sees the load of the team and hands work over."),
    )
    members = models.ManyToManyField(
        User,
        blank=True,
        related_name="teams",
        verbose_name=_("members"),
        help_text=_("The people who work this team’s cases."),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        triggers = [Tracked()]

    def __str__(self) -> str:
        return self.name


class TeamMember(Team.members.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("member")
        triggers = [Tracked(about=("team",))]
