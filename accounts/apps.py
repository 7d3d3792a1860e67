from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")
    # For the record of processing activities (Art. 30).
    processing_purpose = _("Access of colleagues and systems; knowing who changed what.")
    processing_basis = _("Legitimate interest, security of processing (Art. 6 (1) f, Art. 32 GDPR)")
    role_permissions = {
        "customer_success": ["view_brand", "view_team", "view_user"],
        "team_lead": ["view_brand", "view_team", "view_user"],
        "service_agent": ["view_brand", "view_team"],
        "analyst": ["view_brand", "view_team"],
    }

    def ready(self) -> None:
        from accounts.roles import sync_roles

        post_migrate.connect(sync_roles, dispatch_uid="accounts.sync_roles")
