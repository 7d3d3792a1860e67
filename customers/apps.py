from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")
    role_permissions = {
        "customer_success": [
            "view_customer",
            "add_customer",
            "change_customer",
            "view_identity",
            "add_identity",
            "view_merge",
            "add_merge",
            "change_merge",
            "view_consent",
            "add_consent",
            "view_consenttext",
            "view_suppression",
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
        ],
    }
