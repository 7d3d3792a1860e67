import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from journeys.actions import draft_from, publish_version
from journeys.models import ExpectedTouchpoint, Journey, JourneyVersion
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey():
    call_command("seed_vocabulary")
    call_command("seed_journeys")
    return Journey.objects.get(key="online-purchase")


def rules(version):
    return set(ExpectedTouchpoint.objects.filter(stage__version=version).values_list("stage__key", "type__key", "role"))


def test_it_ships_four_published_journeys(journey):
    call_command("seed_journeys")  # a second time changes nothing
    assert JourneyVersion.objects.published().count() == Journey.objects.count() == 4
    assert not Journey.objects.filter(label_en="").exists()


def test_a_draft_copies_stages_and_rules(journey):
    version = journey.versions.get()
    draft = draft_from(version=version)

    assert draft.state == "draft"
    assert draft.number == 2
    assert rules(draft) == rules(version)
    assert draft.stages.get(is_subject_start=True).key == "order"
    assert list(draft.end_types.all()) == list(version.end_types.all())


def test_it_refuses_a_second_draft(journey):
    draft_from(version=journey.versions.get())
    with pytest.raises(ValidationError, match="already has a draft|schon einen Entwurf"):
        draft_from(version=journey.versions.get(number=1))


def test_publishing_retires_the_version_before(journey):
    old = journey.versions.get()
    staff = make_user()
    new = publish_version(version=draft_from(version=old), by=staff)

    old.refresh_from_db()
    assert (old.state, new.state) == ("retired", "published")
    assert (new.published_by, new.matched_until_id) == (staff, 0)


def test_it_refuses_what_is_not_a_draft(journey):
    with pytest.raises(ValidationError):
        publish_version(version=journey.versions.get(), by=None)


def test_it_refuses_a_stage_nothing_enters(journey):
    draft = draft_from(version=journey.versions.get())
    draft.stages.get(key="delivery").expected_touchpoints.filter(role="enters").delete()

    with pytest.raises(ValidationError) as refused:
        publish_version(version=draft, by=None)

    assert len(refused.value.messages) == 1
    draft.refresh_from_db()
    assert draft.state == "draft"
