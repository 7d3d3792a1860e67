from customers.actions.consents import object_to, record_consent, withdraw
from customers.actions.identifying import identify
from customers.actions.merging import merge_customers, undo_merge
from customers.actions.suppressing import suppress_address
from customers.actions.unsubscribing import undo_unsubscribe, unsubscribe

__all__ = (
    "identify",
    "merge_customers",
    "object_to",
    "record_consent",
    "suppress_address",
    "undo_merge",
    "undo_unsubscribe",
    "unsubscribe",
    "withdraw",
)
