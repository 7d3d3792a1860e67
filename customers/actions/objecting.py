from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand, User
from customers.actions.consents import object_to
from customers.models import Consent, Customer
from customers.models.consent import ContactChannel, Purpose


class Wish(models.TextChoices):
    """What a person objects to who says so by word of mouth; most mean the first."""

    ADVERTISING = "advertising", _("Surveys, review requests and advertising, by every way")
    MAIL = "mail", _("Only such e-mails")
    EVERYTHING = "everything", _("All of that, and evaluating what they buy")


@transaction.atomic
def record_objection(*, customer: Customer, brand: Brand, wish: str, origin: str, by: User) -> list[Consent]:
    channels = [ContactChannel.EMAIL] if wish == Wish.MAIL else list(ContactChannel)
    said: list[Consent] = []
    for channel in channels:
        said += object_to(customer=customer, brand=brand, channel=channel, origin=origin, by=by)
    if wish == Wish.EVERYTHING:
        said += object_to(customer=customer, brand=brand, purposes=[Purpose.PROFILING], origin=origin, by=by)
    return said
