from customers.admin.bulk_change import BulkChangeAdmin
from customers.admin.consent import ConsentAdmin, ConsentTextAdmin, SuppressionAdmin
from customers.admin.customer import CustomerAdmin
from customers.admin.identity import IdentityAdmin
from customers.admin.merge import CustomerChangeAdmin, MergeAdmin
from customers.admin.note import NoteAdmin
from customers.admin.tag import TagAdmin

__all__ = [
    "BulkChangeAdmin",
    "ConsentAdmin",
    "ConsentTextAdmin",
    "CustomerAdmin",
    "CustomerChangeAdmin",
    "IdentityAdmin",
    "MergeAdmin",
    "NoteAdmin",
    "SuppressionAdmin",
    "TagAdmin",
]
