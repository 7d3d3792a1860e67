from surveys.admin.campaign import CampaignAdmin, InvitationAdmin
from surveys.admin.response import AnswerAdmin, ResponseAdmin
from surveys.admin.survey import QuestionAdmin, SurveyAdmin, SurveyVersionAdmin

__all__ = [
    "AnswerAdmin",
    "CampaignAdmin",
    "InvitationAdmin",
    "QuestionAdmin",
    "ResponseAdmin",
    "SurveyAdmin",
    "SurveyVersionAdmin",
]
