from touchpoints.models.case import Case
from touchpoints.models.feed import FollowerPosition, ParkedRow
from touchpoints.models.ingest import IdempotencyRecord, RejectedTouchpoint
from touchpoints.models.mail_host import MailHost
from touchpoints.models.message import Message
from touchpoints.models.source import Source, WriteKey
from touchpoints.models.subject import Subject
from touchpoints.models.touchpoint import Touchpoint
from touchpoints.models.vocabulary import Channel, Phase, TouchpointType

__all__ = [
    "Case",
    "Channel",
    "FollowerPosition",
    "IdempotencyRecord",
    "MailHost",
    "Message",
    "ParkedRow",
    "Phase",
    "RejectedTouchpoint",
    "Source",
    "Subject",
    "Touchpoint",
    "TouchpointType",
    "WriteKey",
]
