from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Brand
from surveys.models import Campaign, Question, Survey, SurveyVersion
from surveys.models.survey import SurveyVersionState
from touchpoints.models import TouchpointType


@transaction.atomic
def add_ready_survey(*, content: dict[str, Any]) -> Campaign:
    """One survey of surveys.library, published, with its campaign switched off; never touches what exists."""
    labels = ("label_de", "label_en")
    survey, is_new = Survey.objects.get_or_create(
        key=content["key"], defaults={name: content[name] for name in (*labels, "intro_de", "intro_en")}
    )
    if is_new:
        version = SurveyVersion.objects.create(survey=survey)
        Question.objects.bulk_create(
            Question(version=version, position=position, **question)
            for position, question in enumerate(content["questions"], start=1)
        )
        publish_survey_version(version=version)
    plan = content["campaign"]
    campaign, _is_new = Campaign.objects.get_or_create(
        key=plan["key"],
        defaults={name: plan[name] for name in (*labels, "purpose", "delay_minutes")}
        | {
            "survey": survey,
            "brand": Brand.objects.default(),
            "trigger_type": TouchpointType.objects.get(key=plan["trigger"]),
        },
    )
    return campaign


@transaction.atomic
def draft_survey_version(*, survey: Survey) -> SurveyVersion:
    """The draft to edit: the one there is, else a copy of the newest version."""
    Survey.objects.select_for_update().get(pk=survey.pk)
    newest = survey.versions.order_by("-number").first()
    if newest and newest.state == SurveyVersionState.DRAFT:
        return newest
    draft = SurveyVersion.objects.create(survey=survey, number=newest.number + 1 if newest else 1)
    for question in newest.questions.all() if newest else ():
        question.pk, question.version = None, draft
        question.save(force_insert=True)
    return draft


@transaction.atomic
def publish_survey_version(*, version: SurveyVersion) -> SurveyVersion:
    """Answers already given keep the version they saw."""
    Survey.objects.select_for_update().get(pk=version.survey_id)
    version.refresh_from_db()
    if version.state != SurveyVersionState.DRAFT:
        raise ValidationError(_("Only a draft can be published."), code="not_a_draft")
    if not version.questions.exists():
        raise ValidationError(_("Add at least one question before publishing."), code="no_question")
    for question in version.questions.all():
        question.full_clean()
    version.survey.versions.published().update(state=SurveyVersionState.RETIRED)
    version.state = SurveyVersionState.PUBLISHED
    version.published_at = timezone.now()
    version.save(update_fields=["state", "published_at"])
    return version
