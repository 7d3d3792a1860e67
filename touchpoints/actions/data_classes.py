"""What is kept for a time only: people of whom nothing was heard, dead letters, the wording of mails."""

from datetime import datetime
from functools import partial

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from customers.actions import forget_anonymous, forget_known
from customers.actions.retaining import delete_rows
from customers.models import ConsentRequest, Customer
from customers.privacy.retention import DataClass, older
from touchpoints.actions.forgetting import forget_unconfirmed
from touchpoints.models import IdempotencyRecord, Message, RejectedTouchpoint, WebhookDelivery
from touchpoints.models.message import MessageState

ENDED = (MessageState.SENT, MessageState.FAILED, MessageState.SUPPRESSED)


def anonymous(moment: datetime) -> QuerySet[Customer]:
    people = Customer.objects.canonical().filter(is_known=False)
    return people.filter(_silent_since(moment)).order_by("pk")


def known(moment: datetime) -> QuerySet[Customer]:
    people = Customer.objects.canonical().known().filter(_silent_since(moment))
    return people.exclude(group__consents__recorded_at__gte=moment).order_by("pk")


def unconfirmed(moment: datetime) -> QuerySet[ConsentRequest]:
    return ConsentRequest.objects.unconfirmed_since(moment).order_by("pk")


def letters(moment: datetime) -> QuerySet[Message]:
    """That a mail went, to whom and on which basis stays; what it said goes."""
    return Message.objects.filter(created_at__lt=moment, state__in=ENDED).exclude(html="", text="").order_by("pk")


def empty_letters(pks: list[int]) -> int:
    return Message.objects.filter(pk__in=pks).update(html="", text="")


def _silent_since(moment: datetime) -> Q:
    """Nothing is known of them since, on none of their records."""
    return Q(created_at__lt=moment) & ~Q(group__touchpoints__occurred_at__gte=moment)


CLASSES = (
    DataClass(
        "customers.anonymous",
        _("visitors who stayed unknown, after their last contact"),
        790,
        _("Two years and two months: a season is compared with the two before."),
        anonymous,
        forget_anonymous,
    ),
    DataClass(
        "customers.known",
        _("known people, after their last contact or consent"),
        None,
        _("Only you know which contracts and duties to keep records (§ 147 AO, § 257 HGB) you have."),
        known,
        forget_known,
    ),
    DataClass(
        "customers.requests",
        _("consents asked for by mail that nobody confirmed, with the address"),
        30,
        _("A month: what nobody confirmed proves nothing, and a mistyped address is not ours to keep."),
        unconfirmed,
        forget_unconfirmed,
    ),
    DataClass(
        "touchpoints.rejected",
        _("rejected touchpoints"),
        30,
        _("A month: by then somebody has mended what was wrong and stored them."),
        partial(older, RejectedTouchpoint, "received_at"),
        partial(delete_rows, RejectedTouchpoint),
    ),
    DataClass(
        "touchpoints.answers",
        _("answers kept for repeated requests"),
        7,
        _("A week: no system repeats a request later than that."),
        partial(older, IdempotencyRecord, "created_at"),
        partial(delete_rows, IdempotencyRecord),
    ),
    DataClass(
        "touchpoints.deliveries",
        _("what webhooks were told"),
        30,
        _("A month: by then nobody asks any more whether a call arrived."),
        partial(older, WebhookDelivery, "created_at"),
        partial(delete_rows, WebhookDelivery),
    ),
    DataClass(
        "touchpoints.letters",
        _("the wording of mails"),
        400,
        _("A good year: so long people ask about a mail. That it went, to whom and on which basis stays."),
        letters,
        empty_letters,
    ),
)
