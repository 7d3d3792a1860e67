from customers.admin.access import CustomerAccessAdmin
from customers.admin.bulk_change import BulkChangeAdmin
from customers.admin.consent import ConsentAdmin, ConsentTextAdmin, SuppressionAdmin
from customers.admin.consent_request import ConsentRequestAdmin
from customers.admin.customer import CustomerAdmin
from customers.admin.erasure import ConsentProofAdmin, ErasureAdmin
from customers.admin.file import CustomerExportAdmin, CustomerImportAdmin
from customers.admin.identity import IdentityAdmin
from customers.admin.merge import CustomerChangeAdmin, MergeAdmin
from customers.admin.note import NoteAdmin
from customers.admin.retention import RetentionRuleAdmin
from customers.admin.segment import SegmentAdmin, SegmentMemberAdmin
from customers.admin.suggestion import ComparisonAdmin, MergeSuggestionAdmin
from customers.admin.tag import TagAdmin

__all__ = [
    "BulkChangeAdmin",
    "ComparisonAdmin",
    "ConsentAdmin",
    "ConsentProofAdmin",
    "ConsentRequestAdmin",
    "ConsentTextAdmin",
    "CustomerAccessAdmin",
    "CustomerAdmin",
    "CustomerChangeAdmin",
    "CustomerExportAdmin",
    "CustomerImportAdmin",
    "ErasureAdmin",
    "IdentityAdmin",
    "MergeAdmin",
    "MergeSuggestionAdmin",
    "NoteAdmin",
    "RetentionRuleAdmin",
    "SegmentAdmin",
    "SegmentMemberAdmin",
    "SuppressionAdmin",
    "TagAdmin",
]
