from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from customers.actions.merging import note_known
from customers.holding import hold_people
from customers.identity import ANONYMOUS, Identifier
from customers.models import Consent, Customer, Identity


class IdentityTakenError(Exception):
    """The identifier leads to a customer already."""

    def __init__(self, identity: Identity) -> None:
        super().__init__(str(identity))
        self.identity = identity


@transaction.atomic
def add_identity(*, customer: Customer, known_as: Identifier) -> Identity:
    """An identifier given by hand, by staff or by another system: believed like what a server says."""
    hold_people([customer.pk])
    given: dict[str, Any] = {"customer": customer, "is_trusted": True, "is_by_hand": True}
    identity, is_new = Identity.objects.get_or_create(kind=known_as.kind, value=known_as.value, defaults=given)
    if not is_new:
        raise IdentityTakenError(identity)
    if known_as.kind not in ANONYMOUS:
        note_known(customer=customer)
    return identity


@transaction.atomic
def remove_identity(*, identity: Identity) -> None:
    """Take back what was given by hand and nothing rests on yet; everything else stays for ever."""
    people = hold_people([identity.customer_id])
    held = Identity.objects.select_for_update().filter(pk=identity.pk, customer__in=people).first()
    if held is None:
        raise ValidationError(_("This identifier was removed or leads to another customer by now."), "moved")
    if not held.is_by_hand:
        raise ValidationError(
            _("A touchpoint came with this identifier, so it stays: without it the next one would find nobody.")
        )
    if Consent.objects.filter(customer__in=people, address=held.value).exists():
        raise ValidationError(_("The ledger of consents holds entries for this address, so it stays as their proof."))
    held.delete()
