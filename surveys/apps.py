from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")
    # For the record of processing activities (Art. 30).
    processing_purpose = _("Asking for satisfaction and reviews.")
    processing_basis = _("Consent, or existing customers (Art. 6 (1) a and f GDPR, § 7 (3) UWG)")
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
        from customers.segments.condition import register as register_conditions
        from surveys.actions import note_settled
        from surveys.followers import CAMPAIGNS
        from surveys.invitation_mail import KIND, may_send, render
        from surveys.segment_conditions import LastScore, SurveyAnswered
        from touchpoints.feed import register
        from touchpoints.mail import MessageKind, register_kind

        register(CAMPAIGNS)
        register_conditions(LastScore, SurveyAnswered)
        register_kind(MessageKind(KIND, may_send, render, touchpoint_type="survey_invited", settled=note_settled))
