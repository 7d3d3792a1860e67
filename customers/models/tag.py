from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.tracking import Tracked
from customers.querysets import TagQuerySet
from customers.search import SpelledAlike


class TagColour(models.TextChoices):
    BLUE = "blue", _("blue")
    GREEN = "green", _("green")
    YELLOW = "yellow", _("yellow")
    RED = "red", _("red")
    PURPLE = "purple", _("purple")


class Tag(models.Model):
    """A word that staff and systems put on customers."""

    personal_fields: ClassVar = ()

    key = models.SlugField(
        _("key"), max_length=60, unique=True, help_text=_("What systems call it, for example “regular”. It stays.")
    )
    name = models.CharField(_("name"), max_length=60, help_text=_("For example “Regular customer”."))
    colour = models.CharField(
        _("colour"), max_length=8, choices=TagColour, blank=True, help_text=_("Empty: grey like most.")
    )
    description = models.CharField(
        _("description"), max_length=300, blank=True, help_text=_("Who gets this tag, so that all use it alike.")
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name", "id"]
        triggers = [Tracked()]
        constraints = [
            models.UniqueConstraint(
                SpelledAlike("name"),
                name="tag_name_uniq",
                violation_error_message=_("There is a tag with this name, perhaps spelled a little differently."),
            ),
            models.CheckConstraint(condition=models.Q(colour__in=["", *TagColour.values]), name="tag_colour_check"),
            models.CheckConstraint(condition=~models.Q(name=""), name="tag_name_check"),
        ]

    def __str__(self) -> str:
        return self.name
