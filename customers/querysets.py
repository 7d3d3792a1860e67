from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F

if TYPE_CHECKING:
    from accounts.models import User
    from customers.models import Consent, Customer, Identity, Merge


class CustomerQuerySet(models.QuerySet["Customer"]):
    def canonical(self) -> CustomerQuerySet:
        """One row per person: merged records are left out."""
        return self.filter(canonical_id=F("id"))

    def known(self) -> CustomerQuerySet:
        return self.filter(is_known=True)

    def hold(self) -> CustomerQuerySet:
        """Locks the rows until the transaction ends: no consent changes while a mail is being decided."""
        return self.order_by("id").select_for_update(of=("self",), no_key=True)

    def visible_to(self, user: User) -> CustomerQuerySet:
        """The one place where the view on customers is scoped."""
        return self if user.has_perm("customers.view_customer") else self.none()


class IdentityQuerySet(models.QuerySet["Identity"]):
    def mailable(self) -> IdentityQuerySet:
        """Addresses that a mail may be written to: e-mail given to a server, not claimed by a browser."""
        return self.filter(kind="email", is_trusted=True)


class MergeQuerySet(models.QuerySet["Merge"]):
    def standing(self) -> MergeQuerySet:
        return self.filter(undone_at=None)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def newest_first(self) -> ConsentQuerySet:
        return self.order_by("-recorded_at", "-id")
