from customers.actions.bulk_changes import add_tag, remove_tag, set_owner, undo_bulk_change
from customers.actions.consent_requests import ask_again, confirm_consent, request_consent
from customers.actions.consent_texts import draft_text
from customers.actions.consents import object_to, record_consent, withdraw
from customers.actions.customers import change_customer, create_customer, tag_customer, untag_customer, untag_person
from customers.actions.deciding import AlreadyDecidedError, decide, reopen
from customers.actions.erasing import finish_erasures, request_erasure
from customers.actions.identifying import identify
from customers.actions.identities import add_identity, remove_identity
from customers.actions.merging import merge_customers, note_known, undo_merge
from customers.actions.objecting import record_objection
from customers.actions.replaying_erasures import replay_erasures
from customers.actions.retaining import apply_retention, due_by_retention, forget_anonymous, forget_known
from customers.actions.suggesting import compare_next
from customers.actions.suppressing import note_bounce, note_complaint, suppress_address
from customers.actions.unsubscribing import undo_unsubscribe, unsubscribe

__all__ = (
    "AlreadyDecidedError",
    "add_identity",
    "add_tag",
    "apply_retention",
    "ask_again",
    "change_customer",
    "compare_next",
    "confirm_consent",
    "create_customer",
    "decide",
    "draft_text",
    "due_by_retention",
    "finish_erasures",
    "forget_anonymous",
    "forget_known",
    "identify",
    "merge_customers",
    "note_known",
    "note_bounce",
    "note_complaint",
    "object_to",
    "record_consent",
    "record_objection",
    "remove_identity",
    "remove_tag",
    "reopen",
    "replay_erasures",
    "request_consent",
    "request_erasure",
    "set_owner",
    "suppress_address",
    "tag_customer",
    "undo_bulk_change",
    "undo_merge",
    "undo_unsubscribe",
    "unsubscribe",
    "untag_customer",
    "untag_person",
    "withdraw",
)
