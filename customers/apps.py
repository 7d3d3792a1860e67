from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete
from django.utils.translation import gettext_lazy as _

# Everybody who writes notes changes and deletes only their own.
NOTES = ("view_note", "add_note", "change_note", "delete_note")
MEMBERSHIPS = ("view_membership", "add_membership", "change_membership", "delete_membership")
# Each role may what the one before it may.
SERVICE_AGENT = (
    "view_customer",
    "add_customer",
    "change_customer",
    "view_identity",
    "add_identity",
    "view_merge",
    "view_consent",
    "add_consent",
    "view_consentrequest",
    "add_consentrequest",
    "view_tag",
    *NOTES,
    *MEMBERSHIPS,
    "view_mergesuggestion",
)
TEAM_LEAD = (
    *SERVICE_AGENT,
    "change_mergesuggestion",
    "delete_identity",
    "view_bulkchange",
    "add_bulkchange",
    "change_bulkchange",
)
CUSTOMER_SUCCESS = (
    *TEAM_LEAD,
    "export_customer",
    "view_customerexport",
    "erase_customer",
    "view_erasure",
    "view_consentproof",
    "view_retentionrule",
    "view_customerimport",
    "add_customerimport",
    "add_merge",
    "change_merge",
    "view_consenttext",
    "view_suppression",
    "add_tag",
    "change_tag",
    "delete_tag",
    "view_segment",
    "add_segment",
    "change_segment",
    "delete_segment",
    "view_segmentmember",
    "delete_segmentmember",
)


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")
    # For the record of processing activities (Art. 30).
    processing_purpose = _("Recognising customers, keeping their data right and their consents provable.")
    processing_basis = _("Contract and legal obligation (Art. 6 (1) b and c GDPR, § 7a UWG)")
    role_permissions = {
        "customer_success": CUSTOMER_SUCCESS,
        "team_lead": TEAM_LEAD,
        "service_agent": SERVICE_AGENT,
        "analyst": ("view_segment",),
    }

    def ready(self) -> None:
        from accounts.models import User
        from customers.actions.data_classes import CLASSES
        from customers.actions.retaining import enrol_rules
        from customers.bearers import hold_owned, hold_tagged
        from customers.models import Tag
        from customers.privacy.elsewhere import register_elsewhere
        from customers.privacy.places import PLACES
        from customers.privacy.retention import register_data_class
        from customers.segments import consents, people
        from customers.segments.condition import register

        for place in PLACES:
            register_elsewhere(place)
        for data_class in CLASSES:
            register_data_class(data_class)
        pre_delete.connect(hold_owned, sender=User, dispatch_uid="customers.hold_owned")
        pre_delete.connect(hold_tagged, sender=Tag, dispatch_uid="customers.hold_tagged")
        post_migrate.connect(enrol_rules, sender=self, dispatch_uid="customers.enrol_rules")
        register(people.Country, people.City, people.Language, people.Kind, people.Known, people.Owner, people.Tagged)
        register(people.CreatedWithin, people.CreatedSince, consents.ConsentGiven)
