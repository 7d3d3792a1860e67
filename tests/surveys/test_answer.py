import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from customers import links
from surveys.models import Answer, Invitation, Question, Response, Survey
from tests.surveys.factories import REVIEW, link, make_campaign, make_invitation, make_survey
from touchpoints.actions import seed_vocabulary
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db
HAPPY = {"q-satisfaction": "5", "q-comment": "Alles gut"}


def chosen(html: str) -> list[str]:
    return [re.search(r'value="(\w+)"', tag)[1] for tag in re.findall(r"<input[^>]*\schecked[^>]*>", html)]


def stream() -> list[tuple]:
    found = Touchpoint.objects.filter(message_id__startswith="response:").order_by("id")
    return list(found.values_list("type__key", "subject", "valence", "replaces"))


def test_it_shows_the_questions_in_the_language_of_the_person(client, invitation):
    page = client.get(link(invitation))
    assert page.status_code == 200
    assert "Wie zufrieden sind Sie?" in page.text
    assert '<html lang="de">' in page.text
    assert "How satisfied?" in client.get(link(invitation) + "?lang=en").text


def test_its_link_reaches_no_other_site_and_no_cache(client, invitation):
    page = client.get(link(invitation))
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "no-store"
    assert page.cookies == {}


def test_the_score_of_the_link_is_chosen_but_not_stored(client, invitation):
    assert chosen(client.get(link(invitation) + "?score=4").text) == ["4"]
    for score in ("6", "0", "x", "4%00", "4&score=9"):
        assert chosen(client.get(f"{link(invitation)}?score={score}").text) == []
    assert Response.objects.count() == 0


def test_a_scanner_that_opens_every_link_twice_stores_nothing(client, invitation):
    for score in (*range(11), "", "x"):
        for ask in (client.get, client.head, client.get, client.head):
            ask(f"{link(invitation)}?score={score}")
            ask(link(invitation, "thanks/"))
    invitation.refresh_from_db()
    assert (invitation.state, Response.objects.count(), Answer.objects.count(), stream()) == ("sent", 0, 0, [])


def test_sending_stores_answers_and_tells_the_stream(client, invitation):
    sent = client.post(link(invitation), HAPPY)
    assert sent.status_code == 303
    assert sent["Location"].startswith(link(invitation, "thanks/"))
    response = Response.objects.get()
    assert (response.invitation, response.customer, response.language) == (invitation, invitation.customer, "de")
    assert response.finished_at is not None
    assert list(response.answers.values_list("question__key", "score", "text")) == [
        ("satisfaction", 5, ""),
        ("comment", None, "Alles gut"),
    ]
    invitation.refresh_from_db()
    assert invitation.state == "answered"
    assert stream() == [("survey_answered", "case:V-1", 2, "")]
    touchpoint = Touchpoint.objects.get(message_id=f"response:{response.pk}")
    assert touchpoint.properties["scores"] == {"satisfaction": 5}
    assert "Alles gut" not in str(touchpoint.properties)


def test_it_needs_no_cookie_and_no_csrf_token(invitation):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link(invitation), HAPPY).status_code == 303


def test_a_review_is_a_touchpoint_of_its_own_kind(client):
    seed_vocabulary()
    campaign = make_campaign(key="review", purpose="review", survey=make_survey("review", REVIEW))
    invitation = make_invitation(campaign, sent_at=timezone.now(), subject="order:1001")
    client.post(link(invitation), {"q-stars": "1", "q-recommendation": "9"})
    assert stream() == [("review_submitted", "order:1001", -2, "")]


def test_it_names_what_is_missing_beside_the_field_and_on_top_and_keeps_the_rest(client, invitation):
    page = client.post(link(invitation), {"q-comment": "Nur ein Satz", "lang": "en"})
    assert page.status_code == 422
    assert 'href="#id_q-satisfaction"' in page.text
    assert 'id="id_q-satisfaction_error"' in page.text
    assert "Nur ein Satz" in page.text
    response = Response.objects.get()
    assert response.finished_at is None
    assert [answer.text for answer in response.answers.all()] == ["Nur ein Satz"]
    assert stream() == []


@pytest.mark.parametrize("answers", [{"q-satisfaction": "6"}, {"q-satisfaction": "x"}, {"q-satisfaction": ""}])
def test_it_refuses_scores_outside_the_scale(client, invitation, answers):
    assert client.post(link(invitation), answers).status_code == 422
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("text", ["a" * 5001, "a\x00b"])
def test_it_refuses_texts_that_cannot_be_kept(client, invitation, text):
    assert client.post(link(invitation), {"q-satisfaction": "5", "q-comment": text}).status_code == 422
    assert list(Answer.objects.values_list("score", "text")) == [(5, "")]


def test_it_can_be_interrupted_and_resumed(client, invitation):
    saved = client.post(link(invitation), {"q-comment": "Bis morgen", "save": "1"}, follow=True)
    assert "Bis morgen" in saved.text
    assert Response.objects.get().finished_at is None
    client.post(link(invitation), HAPPY)
    assert Response.objects.get().finished_at is not None
    assert Response.objects.get().answers.get(text__gt="").text == "Alles gut"


def test_switching_the_language_keeps_what_was_typed_and_stores_nothing(client, invitation):
    page = client.post(link(invitation), {**HAPPY, "language": "en"})
    assert "How satisfied?" in page.text
    assert "Alles gut" in page.text
    assert chosen(page.text) == ["5"]
    assert Response.objects.count() == 0


def test_answers_may_be_changed_for_a_day(client, invitation):
    client.post(link(invitation), HAPPY)
    first = f"response:{Response.objects.get().pk}"
    assert chosen(client.get(link(invitation) + "?score=1").text) == ["5"]
    client.post(link(invitation), HAPPY)
    assert len(stream()) == 1
    client.post(link(invitation), {"q-satisfaction": "2", "q-comment": ""})
    client.post(link(invitation), {"q-satisfaction": "3", "q-comment": ""})
    assert stream() == [
        ("survey_answered", "case:V-1", 2, ""),
        ("survey_answered", "case:V-1", -1, first),
        ("survey_answered", "case:V-1", 0, first),
    ]
    assert [found.valence for found in Touchpoint.objects.current().filter(type__key="survey_answered")] == [0]
    assert list(Answer.objects.values_list("score", "text")) == [(3, "")]


def test_after_a_day_it_says_already_answered(client, invitation):
    client.post(link(invitation), HAPPY)
    Invitation.objects.update(answered_at=timezone.now() - timedelta(hours=24, minutes=1))
    for page in (client.get(link(invitation)), client.post(link(invitation), {"q-satisfaction": "1"})):
        assert page.status_code == 409
    assert Answer.objects.get(score__isnull=False).score == 5
    assert len(stream()) == 1


@pytest.mark.parametrize("state", ["cancelled", "suppressed", "expired"])
def test_it_is_closed_when_nobody_is_asked_any_more(client, invitation, state):
    Invitation.objects.update(state=state, reason="x")
    assert client.get(link(invitation)).status_code == 410
    assert client.post(link(invitation), HAPPY).status_code == 410
    assert Response.objects.count() == 0


def test_it_is_closed_with_the_survey_and_after_its_time(client, invitation):
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=61))
    assert client.post(link(invitation), HAPPY).status_code == 410
    Invitation.objects.update(sent_at=timezone.now())
    Survey.objects.update(is_closed=True)
    assert client.get(link(invitation)).status_code == 410
    assert client.post(link(invitation), HAPPY).status_code == 410
    assert Response.objects.count() == 0


def test_forged_foreign_and_revoked_links_are_unknown(client, invitation):
    genuine = link(invitation)
    other = make_invitation(invitation.campaign)
    signature = genuine.partition("~")[2]
    wrong = [
        "/s/x/",
        "/s/0~/",
        f"/s/{other.pk}~{signature}",
        genuine.replace("/s/", "/s/9"),
        f"/s/{links.token('unsubscribe', invitation.pk, nonce=invitation.nonce)}/",
        f"/s/{'9' * 18}~{signature}",
    ]
    for address in wrong:
        assert client.get(address).status_code == 404, address
        assert client.post(address, HAPPY).status_code == 404, address
    Invitation.objects.filter(pk=invitation.pk).update(nonce=1)
    assert client.get(genuine).status_code == 404
    assert Response.objects.count() == 0


def test_an_unfinished_answer_keeps_the_version_it_began_with(client, invitation):
    client.post(link(invitation), {"q-comment": "Bis morgen", "save": "1"})
    old = Response.objects.get().version
    survey = invitation.campaign.survey
    survey.versions.update(state="retired")
    new = survey.versions.create(number=2, state="published", published_at=timezone.now())
    Question.objects.create(version=new, key="other", kind="nps", position=1, text_de="Neue Frage")
    assert "Neue Frage" not in client.get(link(invitation)).text
    client.post(link(invitation), HAPPY)
    assert Response.objects.get().version == old


def test_other_verbs_are_refused(client, invitation):
    assert client.delete(link(invitation)).status_code == 405


def test_an_installation_without_a_brand_knows_no_link_either(client):
    for address in ("/s/x/", "/unsubscribe/x/"):
        assert client.get(address).status_code == 404
