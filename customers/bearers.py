"""Deleting a tag or a colleague changes every customer who bears them: these are locked first, in the order of ids.

Connected to pre_delete, so that pages, the API and the shell need not think of it (docs/adr/0007).
"""

from django.db import OperationalError, transaction

from accounts.models import User
from customers.models import Customer, Tag

ATTEMPTS = 10


class _MoreBearersError(Exception):
    pass


def hold_owned(*, instance: User, **_signal: object) -> None:
    list(Customer.objects.filter(owner=instance).hold().values_list("pk"))


def hold_tagged(*, instance: Tag, **_signal: object) -> None:
    """With the tag, so that nobody puts it on somebody else meanwhile."""
    for _number in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _hold_tagged(instance)
        except _MoreBearersError:
            # With the savepoint the locks are given back: whoever waits holds nothing that stands later in the order.
            continue
    raise OperationalError("Others keep putting this tag on customers.")


def _hold_tagged(tag: Tag) -> None:
    bearers = Customer.objects.filter(tags=tag)
    held = {pk for (pk,) in bearers.hold().values_list("pk")}
    list(Tag.objects.filter(pk=tag.pk).select_for_update().values_list("pk"))
    if not held.issuperset(bearers.values_list("pk", flat=True)):
        raise _MoreBearersError
