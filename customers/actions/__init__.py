from customers.actions.bulk_changes import add_tag, remove_tag, set_owner, undo_bulk_change
from customers.actions.consents import object_to, record_consent, withdraw
from customers.actions.customers import change_customer, create_customer, tag_customer, untag_customer
from customers.actions.deciding import AlreadyDecidedError, decide, reopen
from customers.actions.erasing import finish_erasures, request_erasure
from customers.actions.identifying import identify
from customers.actions.identities import add_identity, remove_identity
from customers.actions.merging import merge_customers, undo_merge
from customers.actions.replaying_erasures import replay_erasures
from customers.actions.retaining import apply_retention, due_by_retention, forget_anonymous, forget_known
from customers.actions.suggesting import compare_next
from customers.actions.suppressing import suppress_address
from customers.actions.unsubscribing import undo_unsubscribe, unsubscribe

__all__ = (
    "add_identity",
    "AlreadyDecidedError",
    "compare_next",
    "decide",
    "reopen",
    "add_tag",
    "apply_retention",
    "change_customer",
    "create_customer",
    "due_by_retention",
    "finish_erasures",
    "forget_anonymous",
    "forget_known",
    "identify",
    "merge_customers",
    "object_to",
    "record_consent",
    "remove_identity",
    "remove_tag",
    "replay_erasures",
    "request_erasure",
    "set_owner",
    "suppress_address",
    "tag_customer",
    "undo_bulk_change",
    "undo_merge",
    "undo_unsubscribe",
    "unsubscribe",
    "untag_customer",
    "withdraw",
)
