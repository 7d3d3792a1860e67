from surveys.models.campaign import Campaign, Invitation
from surveys.models.response import Answer, Response
from surveys.models.survey import Question, Survey, SurveyVersion

__all__ = ["Answer", "Campaign", "Invitation", "Question", "Response", "Survey", "SurveyVersion"]
