"""Surveys and campaigns in the administration."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from surveys.models import Campaign, Survey
from tests.factories import make_brand, make_type, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(Role.CUSTOMER_SUCCESS))
    return client


@pytest.fixture
def survey() -> Survey:
    return Survey.objects.create(key="service", label_de="Service")


def question_fields() -> dict[str, object]:
    return {
        "questions-TOTAL_FORMS": 1, "questions-INITIAL_FORMS": 0, "questions-0-position": 1, "questions-0-key": "csat",
        "questions-0-kind": "csat", "questions-0-text_de": "Wie zufrieden?", "questions-0-options": "[]",
    }  # fmt: skip


def test_it_drafts_edits_and_publishes_a_version(client: Client, survey: Survey) -> None:
    client.post(reverse("admin:surveys_survey_draft", args=[survey.pk]))
    version = survey.versions.get()
    change = reverse("admin:surveys_surveyversion_change", args=[version.pk])
    publication = reverse("admin:surveys_surveyversion_publication", args=[version.pk])

    assert b"at least one question" in client.post(publication, follow=True).content
    client.post(change, question_fields())
    client.post(publication)

    version.refresh_from_db()
    assert (version.state, version.questions.count()) == ("published", 1)
    assert client.post(change, question_fields()).status_code == 403
    question = reverse("admin:surveys_question_change", args=[version.questions.get().pk])
    assert client.post(question, {}).status_code == 403


def test_it_switches_a_campaign_on_only_when_it_could_send(client: Client, survey: Survey) -> None:
    campaign = Campaign.objects.create(
        key="after", label_de="Danach", brand=make_brand(), survey=survey, purpose="survey",
        trigger_type=make_type("case_resolved"),
    )  # fmt: skip
    on = reverse("admin:surveys_campaign_activation", args=[campaign.pk])

    assert b"Publish the survey" in client.post(on, follow=True).content
    test_it_drafts_edits_and_publishes_a_version(client, survey)
    client.post(on)

    campaign.refresh_from_db()
    assert campaign.is_active
    client.post(reverse("admin:surveys_campaign_pause", args=[campaign.pk]))
    campaign.refresh_from_db()
    assert not campaign.is_active
