"""Journey versions in the administration: a draft is edited and published, a published one is only looked at."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from journeys.models import ExpectedTouchpoint, Journey, JourneyVersion, Stage
from tests.factories import make_type, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(Role.CUSTOMER_SUCCESS))
    return client


@pytest.fixture
def draft() -> JourneyVersion:
    journey = Journey.objects.create(key="purchase", label_de="Kauf")
    version = JourneyVersion.objects.create(journey=journey)
    stage = Stage.objects.create(version=version, key="look", label_de="Ansehen", phase="awareness", position=1)
    ExpectedTouchpoint.objects.create(stage=stage, type=make_type("product_viewed"))
    return version


def change(row: JourneyVersion | Stage | Journey) -> str:
    return reverse(f"admin:journeys_{row._meta.model_name}_change", args=[row.pk])


def publish(client: Client, version: JourneyVersion) -> None:
    client.post(reverse("admin:journeys_journeyversion_publication", args=[version.pk]))
    version.refresh_from_db()


def stage_fields(**given: object) -> dict[str, object]:
    return {
        "inactivity_days": 90, "stages-TOTAL_FORMS": 1, "stages-INITIAL_FORMS": 0, "stages-0-position": 2,
        "stages-0-key": "buy", "stages-0-label_de": "Kaufen", "stages-0-phase": "purchase",
        "stages-0-designed_emotion": 1,
    } | given  # fmt: skip


def test_it_edits_a_draft_and_its_stages(client: Client, draft: JourneyVersion) -> None:
    client.post(change(draft), stage_fields())

    draft.refresh_from_db()
    assert draft.inactivity_days == 90
    assert [stage.key for stage in draft.stages.all()] == ["look", "buy"]


def test_it_publishes_a_draft_and_then_only_shows_it(client: Client, draft: JourneyVersion) -> None:
    url = reverse("admin:journeys_journeyversion_publication", args=[draft.pk])
    assert b"cannot be edited any more" in client.get(url).content

    publish(client, draft)

    assert draft.state == "published"
    assert draft.published_by is not None
    assert client.post(change(draft), stage_fields()).status_code == 403
    stage = draft.stages.get()
    assert client.post(change(stage), {}).status_code == 403
    assert client.post(reverse("admin:journeys_stage_delete", args=[stage.pk]), {"post": "yes"}).status_code == 403
    assert client.get(url).status_code == 403


def test_it_says_why_a_draft_cannot_be_published(client: Client, draft: JourneyVersion) -> None:
    ExpectedTouchpoint.objects.all().delete()

    answer = client.post(reverse("admin:journeys_journeyversion_publication", args=[draft.pk]), follow=True)

    assert b"cannot be reached" in answer.content
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_it_drafts_the_next_version_from_the_published_one(client: Client, draft: JourneyVersion) -> None:
    publish(client, draft)
    url = reverse("admin:journeys_journey_draft", args=[draft.journey_id])

    answer = client.post(url)

    new = draft.journey.versions.get(state="draft")
    assert answer.url == change(new)
    assert (new.number, new.stages.count()) == (2, 1)
    assert client.post(url).url == change(new)


def test_it_drafts_the_first_version_of_a_new_journey(client: Client) -> None:
    journey = Journey.objects.create(key="own", label_de="Eigener")

    client.post(reverse("admin:journeys_journey_draft", args=[journey.pk]))

    assert journey.versions.get().number == 1
