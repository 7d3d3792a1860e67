from touchpoints.admin.acquisition import AcquisitionRuleAdmin
from touchpoints.admin.case import CaseAdmin
from touchpoints.admin.case_settings import BusinessHoursAdmin, CaseReasonAdmin
from touchpoints.admin.dead_letter import RejectedTouchpointAdmin
from touchpoints.admin.feed import FollowerPositionAdmin, IdempotencyRecordAdmin, ParkedRowAdmin
from touchpoints.admin.message import MailHostAdmin, MessageAdmin
from touchpoints.admin.source import SourceAdmin, WriteKeyAdmin
from touchpoints.admin.subject import OrderAdmin, SubjectAdmin, SubscriptionAdmin
from touchpoints.admin.touchpoint import TouchpointAdmin
from touchpoints.admin.vocabulary import ChannelAdmin, TouchpointTypeAdmin
from touchpoints.admin.webhook import WebhookAdmin, WebhookDeliveryAdmin

__all__ = [
    "AcquisitionRuleAdmin",
    "BusinessHoursAdmin",
    "CaseAdmin",
    "CaseReasonAdmin",
    "ChannelAdmin",
    "FollowerPositionAdmin",
    "IdempotencyRecordAdmin",
    "MailHostAdmin",
    "MessageAdmin",
    "OrderAdmin",
    "ParkedRowAdmin",
    "RejectedTouchpointAdmin",
    "SourceAdmin",
    "SubjectAdmin",
    "SubscriptionAdmin",
    "TouchpointAdmin",
    "TouchpointTypeAdmin",
    "WebhookAdmin",
    "WebhookDeliveryAdmin",
    "WriteKeyAdmin",
]
