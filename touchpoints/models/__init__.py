from touchpoints.models.acquisition_rule import AcquisitionRule
from touchpoints.models.business_hours import BusinessHours, ClosedDay, OpenHours
from touchpoints.models.case import Case
from touchpoints.models.case_parts import CaseComment, CaseLink
from touchpoints.models.case_reason import CaseReason
from touchpoints.models.feed import FollowerPosition, ParkedRow
from touchpoints.models.ingest import IdempotencyRecord, RejectedTouchpoint
from touchpoints.models.mail_host import MailHost
from touchpoints.models.message import Message
from touchpoints.models.rereading import Rereading
from touchpoints.models.source import Source, WriteKey
from touchpoints.models.subject import Order, Subject, Subscription
from touchpoints.models.touchpoint import Touchpoint
from touchpoints.models.type_use import TypeUse
from touchpoints.models.vocabulary import Channel, Phase, TouchpointType
from touchpoints.models.webhook import Webhook, WebhookDelivery, WebhookType

__all__ = [
    "AcquisitionRule",
    "BusinessHours",
    "Case",
    "CaseComment",
    "CaseLink",
    "CaseReason",
    "Channel",
    "ClosedDay",
    "FollowerPosition",
    "IdempotencyRecord",
    "MailHost",
    "Message",
    "OpenHours",
    "Order",
    "ParkedRow",
    "Phase",
    "RejectedTouchpoint",
    "Rereading",
    "Source",
    "Subject",
    "Subscription",
    "Touchpoint",
    "TouchpointType",
    "TypeUse",
    "Webhook",
    "WebhookDelivery",
    "WebhookType",
    "WriteKey",
]
