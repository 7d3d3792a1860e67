from customers.actions.bulk_changes import add_tag, remove_tag, set_owner, undo_bulk_change
from customers.actions.consents import object_to, record_consent, withdraw
from customers.actions.identifying import identify
from customers.actions.merging import merge_customers, undo_merge
from customers.actions.suppressing import suppress_address
from customers.actions.unsubscribing import undo_unsubscribe, unsubscribe

__all__ = (
    "add_tag",
    "identify",
    "merge_customers",
    "object_to",
    "record_consent",
    "remove_tag",
    "set_owner",
    "suppress_address",
    "undo_bulk_change",
    "undo_merge",
    "undo_unsubscribe",
    "unsubscribe",
    "withdraw",
)
