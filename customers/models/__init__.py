from customers.models.consent import Consent, ConsentText, Suppression
from customers.models.customer import Customer
from customers.models.identity import Identity
from customers.models.merge import CustomerChange, Merge

__all__ = ["Consent", "ConsentText", "Customer", "CustomerChange", "Identity", "Merge", "Suppression"]
