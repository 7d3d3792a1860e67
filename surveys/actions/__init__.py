from surveys.actions.answers import LinkClosedError, finish_response, save_answers, wish_callback
from surveys.actions.campaigns import activate_campaign, pause_campaign
from surveys.actions.invitations import expire_invitations, note_settled, queue_due_invitations
from surveys.actions.publishing import add_ready_survey, draft_survey_version, publish_survey_version

__all__ = [
    "LinkClosedError",
    "activate_campaign",
    "add_ready_survey",
    "draft_survey_version",
    "expire_invitations",
    "finish_response",
    "note_settled",
    "pause_campaign",
    "publish_survey_version",
    "queue_due_invitations",
    "save_answers",
    "wish_callback",
]
