from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from customers.models.consent import Purpose
from surveys.answering import Given, felt, scores
from surveys.models import Answer, Invitation, Question, Response
from surveys.models.campaign import InvitationState, LinkState
from touchpoints.actions import SYSTEM_SOURCE, record_touchpoint
from touchpoints.models import Touchpoint
from touchpoints.models.touchpoint import Actor


class LinkClosedError(Exception):
    """The invitation takes no answers (any more)."""

    def __init__(self, state: LinkState) -> None:
        super().__init__(state)
        self.state = state


@transaction.atomic
def save_answers(*, invitation: Invitation, answers: Mapping[Question, Given], language: str) -> Response:
    """Keep what was answered so far; it counts in no figure before the response is finished."""
    response, _invitation = _hold(invitation, language=language, now=timezone.now())
    if response.finished_at is None:
        _write(response, answers)
    return response


@transaction.atomic
def finish_response(*, invitation: Invitation, answers: Mapping[Question, Given], language: str) -> Response:
    """Count the response, tell the stream, cut an anonymous one off. Sent again, it corrects the first one."""
    now = timezone.now()
    response, invitation = _hold(invitation, language=language, now=now)
    is_changed = _write(response, answers)
    if response.finished_at is not None:
        if is_changed:
            _record(response, invitation, answers, now=now, is_correction=True)
        return response
    response.finished_at = now
    invitation.state, invitation.answered_at = InvitationState.ANSWERED, now
    if invitation.campaign.survey.is_anonymous:
        _cut_off(response, invitation)
    else:
        _record(response, invitation, answers, now=now)
    response.save()
    invitation.save(update_fields=["state", "answered_at"])
    return response


@transaction.atomic
def wish_callback(*, invitation: Invitation, phone: str, note: str) -> Touchpoint:
    """Once per invitation; asking again changes nothing."""
    return record_touchpoint(
        source=SYSTEM_SOURCE,
        message_id=f"invitation:{invitation.pk}:callback",
        type="callback_wished",
        customer=invitation.customer,
        occurred_at=timezone.now(),
        subject=invitation.subject,
        actor=Actor.CUSTOMER,
        properties={"campaign": invitation.campaign.key, "phone": phone, "note": note},
    )


def _hold(invitation: Invitation, *, language: str, now: datetime) -> tuple[Response, Invitation]:
    """Lock the invitation, so that of two parallel submissions the second one finds the response of the first."""
    held = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("campaign__survey", "customer")
        .get(pk=invitation.pk)
    )
    state = held.link_state(now=now)
    if state != LinkState.OPEN:
        raise LinkClosedError(state)
    survey = held.campaign.survey
    response, _is_new = Response.objects.get_or_create(
        invitation=held,
        defaults={
            "version": survey.versions.published().get(),
            "customer": None if survey.is_anonymous else held.customer,
            "language": language,
            # By the same clock as finished_at.
            "started_at": now,
        },
    )
    response.language = language
    return response, held


def _write(response: Response, answers: Mapping[Question, Given]) -> bool:
    """Make the stored answers these; whether that changed anything."""
    stored = {answer.question_id: answer for answer in response.answers.all()}
    is_changed = False
    for question, given in answers.items():
        answer = stored.get(question.pk)
        before = Given(answer.score, tuple(answer.choices), answer.text) if answer else Given()
        if given == before:
            continue
        is_changed = True
        if given.is_empty:
            response.answers.filter(question=question).delete()
        else:
            content = {"score": given.score, "choices": list(given.choices), "text": given.text}
            Answer.objects.update_or_create(response=response, question=question, defaults=content)
    return is_changed


def _cut_off(response: Response, invitation: Invitation) -> None:
    """No way back from an anonymous answer to the person, also not by comparing times."""
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    response.invitation = response.customer = None
    response.started_at = response.finished_at = invitation.answered_at = day


def _record(
    response: Response,
    invitation: Invitation,
    answers: Mapping[Question, Given],
    *,
    now: datetime,
    is_correction: bool = False,
) -> None:
    first = f"response:{response.pk}"
    corrections = Touchpoint.objects.filter(source__key=SYSTEM_SOURCE, replaces=first).count()
    is_review = invitation.campaign.purpose == Purpose.REVIEW
    record_touchpoint(
        source=SYSTEM_SOURCE,
        message_id=f"{first}:{corrections + 1}" if is_correction else first,
        replaces=first if is_correction else "",
        type="review_submitted" if is_review else "survey_answered",
        customer=invitation.customer,
        occurred_at=now,
        subject=invitation.subject,
        valence=felt(answers),
        actor=Actor.CUSTOMER,
        properties={
            "campaign": invitation.campaign.key,
            "survey": invitation.campaign.survey.key,
            "response": response.pk,
            "scores": scores(answers),
        },
    )
