from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Everybody who writes notes changes and deletes only their own.
NOTES = ("view_note", "add_note", "change_note", "delete_note")
MEMBERSHIPS = ("view_membership", "add_membership", "change_membership", "delete_membership")


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")
    role_permissions = {
        "customer_success": [
            "view_customer",
            "add_customer",
            "change_customer",
            "export_customer",
            "view_customerexport",
            "erase_customer",
            "view_erasure",
            "view_consentproof",
            "view_customerimport",
            "add_customerimport",
            "view_identity",
            "add_identity",
            "view_merge",
            "add_merge",
            "change_merge",
            "view_consent",
            "add_consent",
            "view_consenttext",
            "view_suppression",
            "view_tag",
            "add_tag",
            "change_tag",
            "delete_tag",
            *NOTES,
            *MEMBERSHIPS,
            "view_mergesuggestion",
            "change_mergesuggestion",
            "delete_identity",
            "view_bulkchange",
            "add_bulkchange",
            "change_bulkchange",
        ],
        "team_lead": [
            "view_customer",
            "add_customer",
            "change_customer",
            "view_identity",
            "add_identity",
            "view_merge",
            "view_consent",
            "add_consent",
            "view_tag",
            *NOTES,
            *MEMBERSHIPS,
            "view_mergesuggestion",
            "change_mergesuggestion",
            "delete_identity",
            "view_bulkchange",
            "add_bulkchange",
            "change_bulkchange",
        ],
        "service_agent": [
            "view_customer",
            "add_customer",
            "change_customer",
            "view_identity",
            "add_identity",
            "view_merge",
            "view_consent",
            "add_consent",
            "view_tag",
            *NOTES,
            *MEMBERSHIPS,
            "view_mergesuggestion",
        ],
    }

    def ready(self) -> None:
        from customers.privacy.elsewhere import register_elsewhere
        from customers.privacy.places import PLACES

        for place in PLACES:
            register_elsewhere(place)
