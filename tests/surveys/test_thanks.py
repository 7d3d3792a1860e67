import pytest

from surveys.models import Answer, Campaign, Invitation, Response, Survey
from tests.surveys.factories import link
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


def answered(client, invitation: Invitation, score: int) -> str:
    return client.post(link(invitation), {"q-satisfaction": str(score), "lang": "en"}, follow=True).text


@pytest.mark.parametrize("score", [1, 3, 5])
def test_everyone_gets_the_same_links_to_recommend_and_review(client, invitation, score):
    Campaign.objects.update(
        recommendation_url="https://shop.example/tell", public_review_url="https://reviews.example/shop"
    )
    page = answered(client, invitation, score)
    assert 'href="https://shop.example/tell"' in page
    assert 'href="https://reviews.example/shop"' in page


@pytest.mark.parametrize(("score", "is_offered"), [(1, True), (2, True), (3, False), (5, False)])
def test_the_unhappy_are_offered_a_call(client, invitation, score, is_offered):
    assert ('name="phone"' in answered(client, invitation, score)) is is_offered


def test_a_wish_to_be_called_is_told_to_the_stream_once(client, invitation):
    answered(client, invitation, 1)
    for phone in ("030 1234567", "030 7654321"):
        page = client.post(link(invitation, "thanks/"), {"phone": phone, "note": "abends"}, follow=True)
        assert 'name="phone"' not in page.text
    wish = Touchpoint.objects.get(type__key="callback_wished")
    assert (wish.customer, wish.subject, wish.actor) == (invitation.customer, "case:V-1", "customer")
    assert wish.properties == {"campaign": "satisfaction", "phone": "030 1234567", "note": "abends"}


@pytest.mark.parametrize("phone", ["", "call me", "1" * 41])
def test_a_wish_without_a_usable_number_is_refused(client, invitation, phone):
    answered(client, invitation, 1)
    page = client.post(link(invitation, "thanks/"), {"phone": phone})
    assert page.status_code == 422
    assert 'id="id_phone_error"' in page.text
    assert not Touchpoint.objects.filter(type__key="callback_wished").exists()


def test_nobody_is_thanked_or_called_before_answering(client, invitation):
    assert client.get(link(invitation, "thanks/"))["Location"].startswith(link(invitation))
    client.post(link(invitation, "thanks/"), {"phone": "030 1234567"})
    answered(client, invitation, 5)
    client.post(link(invitation, "thanks/"), {"phone": "030 1234567"})
    assert not Touchpoint.objects.filter(type__key="callback_wished").exists()


def test_an_anonymous_answer_is_cut_off_from_the_person(client, invitation):
    Survey.objects.update(is_anonymous=True)
    page = answered(client, invitation, 1)
    assert 'name="phone"' not in page
    response = Response.objects.get()
    assert (response.invitation, response.customer) == (None, None)
    assert response.finished_at == response.finished_at.replace(hour=0, minute=0, second=0, microsecond=0)
    assert Answer.objects.get().score == 1
    assert not Touchpoint.objects.filter(type__key="survey_answered").exists()
    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_at) == ("answered", response.finished_at)
    assert client.get(link(invitation)).status_code == 409
    assert client.post(link(invitation), {"q-satisfaction": "5"}).status_code == 409
    assert Response.objects.count() == 1
