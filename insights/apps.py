from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = _("Insights")
    role_permissions = {
        "customer_success": ["view_kpi"],
        "team_lead": ["view_kpi"],
        "analyst": ["view_kpi"],
    }
