from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")
    role_permissions = {
        "customer_success": [
            f"{verb}_{model}"
            for model in ("survey", "surveyversion", "question", "campaign")
            for verb in ("view", "add", "change", "delete")
        ]
        + ["view_invitation", "view_response", "view_answer"],
        "team_lead": ["view_survey", "view_campaign", "view_invitation", "view_response", "view_answer"],
        "service_agent": ["view_survey", "view_invitation", "view_response", "view_answer"],
        "analyst": ["view_survey", "view_campaign"],
    }

    def ready(self) -> None:
        from surveys.followers import CAMPAIGNS
        from touchpoints.feed import register

        register(CAMPAIGNS)
