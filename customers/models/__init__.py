from customers.models.bulk_change import BulkChange
from customers.models.consent import Consent, ConsentText, Suppression
from customers.models.consent_request import ConsentRequest
from customers.models.customer import Customer, CustomerTag
from customers.models.customer_access import AccessKind, CustomerAccess
from customers.models.customer_export import CustomerExport
from customers.models.customer_import import CustomerImport, ImportClaim, ImportedCustomer, ImportProblem
from customers.models.erasure import ConsentProof, Erasure
from customers.models.identity import Identity
from customers.models.membership import Membership
from customers.models.merge import CustomerChange, Merge
from customers.models.note import Note
from customers.models.pause import Pause
from customers.models.retention import RetentionRule
from customers.models.segment import Segment, SegmentMember
from customers.models.suggestion import Comparison, MergeSuggestion
from customers.models.tag import Tag

__all__ = [
    "AccessKind",
    "BulkChange",
    "Comparison",
    "Consent",
    "ConsentProof",
    "ConsentRequest",
    "ConsentText",
    "Customer",
    "CustomerAccess",
    "CustomerChange",
    "CustomerExport",
    "CustomerImport",
    "CustomerTag",
    "Erasure",
    "Identity",
    "ImportClaim",
    "ImportProblem",
    "ImportedCustomer",
    "Membership",
    "Merge",
    "MergeSuggestion",
    "Note",
    "RetentionRule",
    "Segment",
    "SegmentMember",
    "Pause",
    "Suppression",
    "Tag",
]
