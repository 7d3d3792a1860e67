from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models.api_key import ApiKey
from accounts.querysets import ChangeQuerySet


class ChangeKind(models.TextChoices):
    ADDED = "INSERT", _("added")
    CHANGED = "UPDATE", _("changed")
    REMOVED = "DELETE", _("removed")


class Change(models.Model):
    """What happened to one row of a tracked model, written by triggers (accounts.tracking); never changed itself.

    Two exceptions: values of a person may be blanked, and then stay so (blank_changes); and retention deletes
    what is old (accounts.tracking.letting_go).
    """

    personal_fields: ClassVar = ("changes",)

    changed_at = models.DateTimeField(_("changed at"), db_default=Now())
    kind = models.CharField(_("kind"), max_length=6, choices=ChangeKind)
    model = models.CharField(_("what"), max_length=60, help_text=_("For example customers.customer."))
    row_pk = models.BigIntegerField(_("number of the row"))
    about = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("about"),
        help_text=_("On whose history pages it stands, for example customers.customer:17."),
    )
    changes = models.JSONField(
        _("changes"), help_text=_("Per column the values before and after; none where they must not be kept.")
    )
    # No constraints: who has gone stays named, and no row here is ever touched.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    api_key = models.ForeignKey(
        ApiKey,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
        verbose_name=_("API key"),
    )
    origin = models.CharField(_("origin"), max_length=200, help_text=_("By which way, for example task or command."))
    context = models.CharField(
        _("context"), max_length=40, help_text=_("The same for all that was changed by one request, task or command.")
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-id"]
        indexes = [
            GinIndex(fields=["about"], name="change_about_idx"),
            models.Index(fields=["context", "id"], name="change_context_idx"),
            models.Index(fields=["user", "-id"], name="change_user_idx"),
            BrinIndex(fields=["changed_at"], autosummarize=True, name="change_changed_at_idx"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ChangeKind.values), name="change_kind_check"),
        ]

    def __str__(self) -> str:
        noun = self.tracked_model._meta.verbose_name if self.tracked_model else self.model
        return f"{capfirst(str(noun))} {self.row_pk}, {self.get_kind_display()}"

    @property
    def tracked_model(self) -> Any:
        """None when the model is gone."""
        try:
            return apps.get_model(self.model)
        except LookupError:
            return None

    def field(self, column: str) -> Any:
        """None when the field is gone."""
        fields = self.tracked_model._meta.concrete_fields if self.tracked_model else []
        return next((field for field in fields if field.column == column), None)

    def label(self, column: str) -> str:
        field = self.field(column)
        if field is None:
            return column
        # Of what only ties two rows, the relations have names of the database.
        named = field.related_model._meta if self.is_link and field.is_relation else field
        return capfirst(str(named.verbose_name))

    @property
    def is_link(self) -> bool:
        """A row that only ties two others: what it ties is all there is to tell."""
        return bool(self.tracked_model and self.tracked_model._meta.proxy)

    @property
    def columns(self) -> dict[str, list[Any]]:
        """Column to [before, after], or to [] where the values were not kept; in the order of the model."""
        changes: dict[str, list[Any]] = self.changes
        fields = self.tracked_model._meta.concrete_fields if self.tracked_model else []
        places = {field.column: place for place, field in enumerate(fields)}
        return dict(sorted(changes.items(), key=lambda item: places.get(item[0], len(places))))
