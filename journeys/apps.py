from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JourneysConfig(AppConfig):
    name = "journeys"
    verbose_name = _("Journeys")
    role_permissions = {
        "customer_success": [
            f"{verb}_{model}"
            for model in ("journey", "journeyversion", "stage", "expectedtouchpoint", "persona")
            for verb in ("view", "add", "change", "delete")
        ]
        + ["view_run", "view_passage"],
        "team_lead": ["view_journey", "view_journeyversion", "view_stage", "view_run", "view_passage"],
        "service_agent": ["view_journey", "view_journeyversion", "view_stage", "view_run", "view_passage"],
        "analyst": [
            "view_journey",
            "view_journeyversion",
            "view_stage",
            "view_expectedtouchpoint",
            "view_persona",
        ],
    }

    def ready(self) -> None:
        from customers.segments.condition import register as register_conditions
        from journeys.followers import JOURNEYS
        from journeys.segment_conditions import CurrentStage
        from touchpoints.feed import register

        register(JOURNEYS)
        register_conditions(CurrentStage)
