from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.tracking import Tracked
from customers.models.customer import Customer, CustomerKind
from customers.querysets import MembershipQuerySet


class Membership(models.Model):
    """A person who belongs to a company, and what they do there."""

    personal_fields: ClassVar = ("role",)

    company = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="members",
        limit_choices_to={"kind": CustomerKind.COMPANY},
        verbose_name=_("company"),
        help_text=_("The company."),
    )
    person = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="memberships",
        limit_choices_to={"kind": CustomerKind.PERSON},
        verbose_name=_("person"),
        help_text=_("Who belongs to it."),
    )
    role = models.CharField(
        _("role"), max_length=120, blank=True, help_text=_("What the person does there, for example “purchasing”.")
    )
    since_on = models.DateField(_("since"), null=True, blank=True, help_text=_("The first day; empty: not known."))
    until_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; empty: still there."))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["company_id", "id"]
        triggers = [Tracked(about=("company", "person"))]
        constraints = [
            models.UniqueConstraint(fields=["company", "person"], name="membership_company_person_uniq"),
            models.CheckConstraint(condition=~Q(company=F("person")), name="membership_company_person_check"),
            models.CheckConstraint(
                condition=Q(since_on=None) | Q(until_on=None) | Q(since_on__lte=F("until_on")),
                name="membership_since_on_until_on_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.company})"

    def clean(self) -> None:
        if self.company_id and self.company.kind != CustomerKind.COMPANY:
            raise ValidationError({"company": _("Members belong to a company, and this is a person.")})
        if self.person_id and self.person.kind != CustomerKind.PERSON:
            raise ValidationError({"person": _("A member is a person, and this is a company.")})
