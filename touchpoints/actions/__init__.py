from touchpoints.actions.following import pause_follower, reset_follower, resume_follower, try_again
from touchpoints.actions.ingesting import InProgressError, KeyReusedError, Once, ingest_batch, ingest_sdk_items
from touchpoints.actions.messages import queue_message, requeue_message
from touchpoints.actions.recording import STAFF_SOURCE, SYSTEM_SOURCE, record_touchpoint, seed_vocabulary
from touchpoints.actions.replaying import replay_rejected
from touchpoints.actions.sending import send_due_messages

__all__ = [
    "STAFF_SOURCE",
    "SYSTEM_SOURCE",
    "InProgressError",
    "KeyReusedError",
    "Once",
    "ingest_batch",
    "ingest_sdk_items",
    "pause_follower",
    "queue_message",
    "record_touchpoint",
    "replay_rejected",
    "requeue_message",
    "reset_follower",
    "resume_follower",
    "seed_vocabulary",
    "send_due_messages",
    "try_again",
]
