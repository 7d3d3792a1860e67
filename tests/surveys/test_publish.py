import pytest
from django.core.exceptions import ValidationError

from surveys.actions import activate_campaign, draft_survey_version, pause_campaign, publish_survey_version
from surveys.models import Question, SurveyVersion
from tests.surveys.factories import make_campaign, make_survey

pytestmark = pytest.mark.django_db


def test_it_retires_the_version_before():
    survey = make_survey()
    draft = draft_survey_version(survey=survey)
    assert [question.key for question in draft.questions.all()] == ["satisfaction", "comment"]
    publish_survey_version(version=draft)
    assert list(survey.versions.order_by("number").values_list("number", "state")) == [
        (1, "retired"),
        (2, "published"),
    ]


def test_it_edits_one_draft_at_a_time():
    survey = make_survey()
    assert draft_survey_version(survey=survey) == draft_survey_version(survey=survey)


def test_it_refuses_to_publish_twice_or_without_questions():
    survey = make_survey()
    with pytest.raises(ValidationError) as refused:
        publish_survey_version(version=survey.versions.get())
    assert refused.value.code == "not_a_draft"
    empty = SurveyVersion.objects.create(survey=survey, number=2)
    with pytest.raises(ValidationError) as refused:
        publish_survey_version(version=empty)
    assert refused.value.code == "no_question"


def test_it_activates_and_pauses():
    campaign = activate_campaign(campaign=make_campaign(is_active=False))
    since = campaign.activated_at
    assert campaign.is_active
    assert activate_campaign(campaign=campaign).activated_at == since
    assert not pause_campaign(campaign=campaign).is_active


def test_it_refuses_to_activate_without_imprint_or_published_survey():
    campaign = make_campaign(is_active=False)
    campaign.survey.versions.all().delete()
    with pytest.raises(ValidationError) as refused:
        activate_campaign(campaign=campaign)
    assert refused.value.code == "not_published"
    campaign.brand.imprint_url = ""
    campaign.brand.save()
    with pytest.raises(ValidationError) as refused:
        activate_campaign(campaign=campaign)
    assert refused.value.code == "brand_incomplete"


@pytest.mark.parametrize(
    "options",
    [
        [], None, {"id": "a"}, ["a"], [{"id": "a"}], [{"id": "", "de": "A"}],
        [{"id": "a", "de": 1}], [{"id": ["a"], "de": "A"}],
        [{"id": "a", "de": "A"}, {"id": "a", "de": "B"}],
    ],
)  # fmt: skip
def test_it_refuses_choices_that_nobody_could_make(options):
    draft = draft_survey_version(survey=make_survey())
    choice = Question(version=draft, key="x", kind="single", position=9, text_de="Was?", options=options or [])
    choice.save()
    with pytest.raises(ValidationError) as refused:
        publish_survey_version(version=draft)
    assert set(refused.value.message_dict) == {"options"}
    choice.options = [{"id": "a", "de": "A"}, {"id": "b", "de": "B", "en": "B"}]
    choice.save()
    assert publish_survey_version(version=draft).state == "published"


def test_conditions_are_properties_or_nothing():
    campaign = make_campaign()
    campaign.conditions = None
    campaign.full_clean()
    assert campaign.conditions == {}
    campaign.conditions = ["express"]
    with pytest.raises(ValidationError) as refused:
        campaign.full_clean()
    assert set(refused.value.message_dict) == {"conditions"}
