from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from customers.querysets import CustomerImportQuerySet


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


AT_WORK = (ImportState.CHECKING, ImportState.RUNNING)
ENDED = (ImportState.DONE, ImportState.CANCELLED)


class NumberStyle(models.TextChoices):
    COMMA = "comma", "1.234,56"
    POINT = "point", "1,234.56"

    @property
    def decimal(self) -> str:
        return "," if self is NumberStyle.COMMA else "."

    @property
    def thousands(self) -> str:
        return "." if self is NumberStyle.COMMA else ","


class DateStyle(models.TextChoices):
    DAY_FIRST = "%d.%m.%Y", _("31.12.2026 (day first)")
    ISO = "%Y-%m-%d", _("2026-12-31 (year first)")
    SLASHED = "%d/%m/%Y", _("31/12/2026 (day first)")
    MONTH_FIRST = "%m/%d/%Y", _("12/31/2026 (month first)")


class CustomerImport(models.Model):
    """A file of customers on its way: uploaded, its columns mapped, checked without a change, then imported.

    The row is the queue: `position` counts the rows done in this state and moves with what was written.
    """

    # A file is often named after its owner or a person; the file itself goes when the import ends.
    personal_fields: ClassVar = ("name",)

    name = models.CharField(_("file"), max_length=200)
    stored_as = models.CharField(_("stored as"), max_length=40, unique=True)
    digest = models.CharField(_("digest"), max_length=64)
    is_workbook = models.BooleanField(_("workbook"), default=False)
    sheets = models.JSONField(_("sheets"), default=list, blank=True)
    sheet = models.CharField(_("sheet"), max_length=200, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20)
    delimiter = models.CharField(_("delimiter"), max_length=1)
    number_style = models.CharField(_("numbers"), max_length=8, choices=NumberStyle, default=NumberStyle.COMMA)
    date_style = models.CharField(_("dates"), max_length=10, choices=DateStyle, default=DateStyle.DAY_FIRST)
    country = models.CharField(_("country"), max_length=2, default="DE")
    header = models.JSONField(_("column names"), default=list)
    columns = models.JSONField(_("meaning of the columns"), default=list, blank=True)
    only_fill_empty = models.BooleanField(_("only fill empty fields"), default=False)
    # Begun by the import command, which goes on with it when it is given the same file again; with no other one.
    is_resumable = models.BooleanField(_("the command goes on with it"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    position = models.PositiveIntegerField(_("rows read"), default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    updated = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    repeated = models.PositiveIntegerField(_("repeated"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    restored = models.PositiveIntegerField(_("postal codes with their zeros put back"), default=0)
    failure = models.TextField(_("failure"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="customer_imports",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = CustomerImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer import")
        verbose_name_plural = _("customer imports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=ImportState.values), name="customerimport_state_check"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state__in=AT_WORK), name="customerimport_at_work_idx"),
            models.Index(fields=["digest"], name="customerimport_digest_idx"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        return Path(settings.VAR_DIR) / "imports"

    @property
    def path(self) -> Path:
        """The file as it came."""
        return self.folder / self.stored_as

    @property
    def table(self) -> Path:
        """The rows as text: the file itself, or the chosen sheet of the workbook."""
        return self.folder / f"{self.stored_as}.csv" if self.is_workbook else self.path

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def percent(self) -> int:
        return self.position * 100 // self.rows if self.rows else 0

    def begin(self, state: ImportState) -> None:
        """From the first row on, nothing counted yet."""
        self.state, self.position, self.failure = state, 0, ""
        self.created = self.updated = self.unchanged = self.repeated = self.refused = self.restored = 0


class ImportProblem(models.Model):
    """A row that was left out, and why; in the language of whoever imports."""

    personal_fields: ClassVar = ("value", "reason")

    customer_import = models.ForeignKey(
        CustomerImport, on_delete=models.CASCADE, related_name="problems", verbose_name=_("customer import")
    )
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=200, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("row left out")
        verbose_name_plural = _("rows left out")
        ordering = ["line", "id"]
        indexes = [models.Index(fields=["customer_import", "line"], name="importproblem_line_idx")]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class ImportedCustomer(models.Model):
    """Whom an import made or met; a person counts once, however many rows name them."""

    personal_fields: ClassVar = ()

    customer_import = models.ForeignKey(
        CustomerImport, on_delete=models.CASCADE, related_name="people", verbose_name=_("customer import")
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="imported", verbose_name=_("customer")
    )
    line = models.PositiveIntegerField(_("line"))
    is_new = models.BooleanField(_("new"))

    class Meta:
        verbose_name = _("imported customer")
        verbose_name_plural = _("imported customers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["customer_import", "customer"], name="importedcustomer_person_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.customer_import_id} {self.customer_id}"


class ImportClaim(models.Model):
    """What a check remembers between its batches: an identifier (as a digest) and the person a row gave it to.

    Persons that exist have their id, those the import would make a negative number. Gone when the check ends.
    """

    personal_fields: ClassVar = ()

    customer_import = models.ForeignKey(
        CustomerImport, on_delete=models.CASCADE, related_name="claims", verbose_name=_("customer import")
    )
    key = models.BigIntegerField(_("digest"))
    record = models.BigIntegerField(_("customer"))

    class Meta:
        verbose_name = _("claim of a check")
        verbose_name_plural = _("claims of a check")
        constraints = [models.UniqueConstraint(fields=["customer_import", "key"], name="importclaim_import_key_uniq")]

    def __str__(self) -> str:
        return f"{self.key}: {self.record}"
