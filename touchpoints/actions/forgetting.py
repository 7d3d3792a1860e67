from django.db import transaction

from customers.actions.erasing import blank_history, delete_rows_of, giving_way
from customers.holding import hold_to_delete
from customers.models import ConsentRequest, Identity
from customers.privacy.holdings import of_whom_nothing_is_held
from customers.privacy.person import Person
from touchpoints.actions.recording import SYSTEM_SOURCE
from touchpoints.models import Message, Touchpoint
from touchpoints.opt_in_mail import KIND


def forget_unconfirmed(pks: list[int]) -> int:
    """Requests that nobody confirmed with their mails, addresses that nothing but they named, and who was only that."""
    return giving_way(lambda: _forget_unconfirmed(pks))


@transaction.atomic
def _forget_unconfirmed(pks: list[int]) -> int:
    hold_to_delete(ConsentRequest.objects.filter(pk__in=pks).values_list("customer", flat=True))
    # From here on nobody confirms one.
    old = ConsentRequest.objects.filter(pk__in=pks, confirmed_at=None)
    found = list(old.values_list("pk", "customer", "address"))
    mails = Message.objects.filter(kind=KIND, reference__in=[pk for pk, _customer, _address in found])
    keys = list(mails.values_list("key", flat=True))
    mails.delete()
    old.delete()
    _forget_addresses({address for _pk, _customer, address in found})
    told = Touchpoint.objects.filter(source__key=SYSTEM_SOURCE, message_id__in=keys)
    if empty := of_whom_nothing_is_held({customer for _pk, customer, _address in found}, but={Touchpoint: told}):
        delete_rows_of(Person.of(empty))
    return len(found)


def _forget_addresses(addresses: set[str]) -> None:
    still_asked = ConsentRequest.objects.filter(address__in=addresses).values("address")
    only_asked = Identity.objects.filter(kind="email", value__in=addresses, is_trusted=False, is_by_hand=True)
    identities = list(only_asked.exclude(value__in=still_asked).values_list("pk", flat=True))
    Identity.objects.filter(pk__in=identities).delete()
    blank_history({Identity: identities})
