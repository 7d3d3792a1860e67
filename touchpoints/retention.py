"""What is kept for a time only: people of whom nothing was heard, dead letters, the wording of mails."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from customers.actions import forget_anonymous, forget_known
from customers.models import Customer
from customers.privacy.retention import DataClass
from touchpoints.models import IdempotencyRecord, Message, RejectedTouchpoint
from touchpoints.models.message import MessageState

ENDED = (MessageState.SENT, MessageState.FAILED, MessageState.SUPPRESSED)


def anonymous(moment: datetime) -> QuerySet[Customer]:
    people = Customer.objects.canonical().filter(is_known=False)
    return people.filter(_silent_since(moment)).order_by("pk")


def known(moment: datetime) -> QuerySet[Customer]:
    people = Customer.objects.canonical().known().filter(_silent_since(moment))
    return people.exclude(group__consents__recorded_at__gte=moment).order_by("pk")


def rejected(moment: datetime) -> QuerySet[RejectedTouchpoint]:
    return RejectedTouchpoint.objects.filter(received_at__lt=moment).order_by("pk")


def answers(moment: datetime) -> QuerySet[IdempotencyRecord]:
    return IdempotencyRecord.objects.filter(created_at__lt=moment).order_by("pk")


def letters(moment: datetime) -> QuerySet[Message]:
    """That a mail went, to whom and on which basis stays; what it said goes."""
    return Message.objects.filter(created_at__lt=moment, state__in=ENDED).exclude(html="", text="").order_by("pk")


def delete_rejected(pks: list[int]) -> int:
    return RejectedTouchpoint.objects.filter(pk__in=pks).delete()[0]


def delete_answers(pks: list[int]) -> int:
    return IdempotencyRecord.objects.filter(pk__in=pks).delete()[0]


def empty_letters(pks: list[int]) -> int:
    return Message.objects.filter(pk__in=pks).update(html="", text="")


def _silent_since(moment: datetime) -> Q:
    """Nothing is known of them since, on none of their records."""
    return Q(created_at__lt=moment) & ~Q(group__touchpoints__occurred_at__gte=moment)


VISITORS = _("visitors who stayed unknown, after their last contact")
PEOPLE = _("known people, after their last contact or consent")
CLASSES = (
    DataClass("customers.anonymous", VISITORS, 790, anonymous, forget_anonymous),
    DataClass("customers.known", PEOPLE, None, known, forget_known),
    DataClass("touchpoints.rejected", _("rejected touchpoints"), 30, rejected, delete_rejected),
    DataClass("touchpoints.answers", _("answers kept for repeated requests"), 7, answers, delete_answers),
    DataClass("touchpoints.letters", _("the wording of mails"), 400, letters, empty_letters),
)
