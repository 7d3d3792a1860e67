from customers.admin.consent import ConsentAdmin, ConsentTextAdmin, SuppressionAdmin
from customers.admin.customer import CustomerAdmin
from customers.admin.identity import IdentityAdmin
from customers.admin.merge import CustomerChangeAdmin, MergeAdmin

__all__ = [
    "ConsentAdmin",
    "ConsentTextAdmin",
    "CustomerAdmin",
    "CustomerChangeAdmin",
    "IdentityAdmin",
    "MergeAdmin",
    "SuppressionAdmin",
]
