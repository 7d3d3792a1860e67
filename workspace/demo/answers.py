"""The answers of the past: invitations that were sent, and what came back."""

from collections.abc import Iterable, Iterator
from random import Random
from typing import NamedTuple

from django.db import transaction

from surveys.models import Answer, Campaign, Invitation, Question, Response
from surveys.models.campaign import InvitationState
from workspace.demo.loading import Told, touchpoint_ids


class Asked(NamedTuple):
    trigger: Told
    invited: Told
    answered: Told | None


@transaction.atomic
def load_answers(told: list[Told]) -> int:
    """Write invitations, responses and answers of freshly loaded touchpoints; returns the number of responses."""
    every_campaign = Campaign.objects.select_related("trigger_type", "survey")
    campaigns = {campaign.trigger_type.key: campaign for campaign in every_campaign}
    ids = touchpoint_ids(told)
    asked = list(_asked(told, triggers=set(campaigns)))
    invitations = Invitation.objects.bulk_create(
        _invitation(one, campaign=campaigns[one.trigger.happening.type], ids=ids) for one in asked
    )
    answered = [(one.answered, invitation) for one, invitation in zip(asked, invitations, strict=True) if one.answered]
    versions = {campaign.pk: campaign.survey.versions.get(state="published") for campaign in campaigns.values()}
    responses = Response.objects.bulk_create(
        Response(
            version=versions[invitation.campaign_id],
            invitation=invitation,
            customer_id=invitation.customer_id,
            language=invitation.language,
            started_at=answer.happening.at,
            finished_at=answer.happening.at,
        )
        for answer, invitation in answered
    )
    questions = {(question.version_id, question.key): question for question in Question.objects.all()}
    Answer.objects.bulk_create(
        Answer(
            response=response,
            question=questions[response.version_id, key],
            score=given if isinstance(given, int) else None,
            text=given if isinstance(given, str) else "",
        )
        for (answer, _invitation), response in zip(answered, responses, strict=True)
        for key, given in answer.happening.scores.items()
    )
    return len(responses)


def _asked(told: Iterable[Told], *, triggers: set[str]) -> Iterator[Asked]:
    triggered = {one.happening.subject: one for one in told if one.happening.type in triggers}
    answers = {one.happening.subject: one for one in told if one.happening.scores}
    for one in told:
        if one.happening.type == "survey_invited" and one.happening.subject in triggered:
            yield Asked(triggered[one.happening.subject], one, answers.get(one.happening.subject))


def _invitation(asked: Asked, *, campaign: Campaign, ids: dict[str, int]) -> Invitation:
    answered = asked.answered
    return Invitation(
        campaign=campaign,
        customer_id=asked.trigger.customer_id,
        touchpoint_id=ids[asked.trigger.message_id],
        subject=asked.trigger.happening.subject,
        state=InvitationState.ANSWERED if answered else InvitationState.SENT,
        due_at=asked.invited.happening.at,
        sent_at=asked.invited.happening.at,
        answered_at=answered.happening.at if answered else None,
        nonce=Random(asked.trigger.message_id).getrandbits(62),  # noqa: S311 (old links of demo data)
        language="de",
    )
