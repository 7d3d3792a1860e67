from django.db import transaction

from customers.holding import hold_people
from customers.models import Identity, Suppression
from customers.models.consent import SuppressionScope
from customers.suppression import address_hmac


@transaction.atomic
def suppress_address(*, address: str, reason: str, scope: str = SuppressionScope.ALL) -> Suppression:
    """Never write to this address again, whoever it may belong to by then."""
    # Held as a sender holds them.
    hold_people(Identity.objects.filter(value=address).values_list("customer", flat=True))
    suppression, _created = Suppression.objects.get_or_create(
        address_hmac=address_hmac(address), scope=scope, defaults={"reason": reason}
    )
    return suppression
