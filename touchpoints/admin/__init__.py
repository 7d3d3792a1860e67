from touchpoints.admin.case import CaseAdmin
from touchpoints.admin.feed import FollowerPositionAdmin, IdempotencyRecordAdmin, RejectedTouchpointAdmin
from touchpoints.admin.message import MailHostAdmin, MessageAdmin
from touchpoints.admin.source import SourceAdmin, WriteKeyAdmin
from touchpoints.admin.touchpoint import SubjectAdmin, TouchpointAdmin
from touchpoints.admin.vocabulary import ChannelAdmin, TouchpointTypeAdmin

__all__ = [
    "CaseAdmin",
    "ChannelAdmin",
    "FollowerPositionAdmin",
    "IdempotencyRecordAdmin",
    "MailHostAdmin",
    "MessageAdmin",
    "RejectedTouchpointAdmin",
    "SourceAdmin",
    "SubjectAdmin",
    "TouchpointAdmin",
    "TouchpointTypeAdmin",
    "WriteKeyAdmin",
]
