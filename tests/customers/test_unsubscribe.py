"""The link at the foot of every advertising mail."""

import io
import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from structlog.stdlib import ProcessorFormatter

from config.logs import log_settings
from customers.consent import may_contact
from customers.links import LinkPurpose, token
from customers.models import Consent, Customer
from tests.factories import make_brand, make_consent, make_customer

pytestmark = pytest.mark.django_db
ANNA = "anna@example.com"


@pytest.fixture
def anna() -> Customer:
    return make_customer(email=ANNA, language="de")


@pytest.fixture
def consent(anna: Customer) -> Consent:
    return make_consent(anna, address=ANNA)


@pytest.fixture
def url(consent: Consent) -> str:
    return f"/unsubscribe/{token(LinkPurpose.UNSUBSCRIBE, consent.pk)}/"


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


def reason(customer: Customer, purpose: str = "survey") -> str:
    brand = make_brand()
    return may_contact(customer, purpose=purpose, channel="email", brand=brand, now=timezone.now()).reason


def test_it_changes_nothing_when_a_scanner_opens_it(client: Client, url: str, anna: Customer) -> None:
    for _ in range(2):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200
        assert client.get(f"{url}undo/").status_code == 405
        assert client.head(f"{url}undo/").status_code == 405

    assert Consent.objects.count() == 1
    assert reason(anna) == ""


def test_it_objects_with_one_click_of_a_mail_program(client: Client, url: str, anna: Customer) -> None:
    """RFC 8058: a POST with this body, without cookie, without redirect."""
    response = client.post(
        url, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded", secure=False
    )

    assert response.status_code == 200
    assert not response.cookies
    assert reason(anna) == "objected"
    objection = Consent.objects.newest_first()[0]
    assert (objection.origin, objection.address, objection.purpose) == ("unsubscribe_link", "", "survey")


def test_it_is_bound_to_its_purpose(client: Client, url: str, anna: Customer) -> None:
    make_consent(anna, address=ANNA, purpose="review")
    client.post(url)

    assert reason(anna) == "objected"
    assert reason(anna, "review") == ""
    assert reason(anna, "service") == ""


def test_it_notes_an_objection_once(client: Client, url: str) -> None:
    for _ in range(3):
        client.post(url)

    assert Consent.objects.filter(state="objected").count() == 1


def test_it_counts_for_all_addresses_of_the_person(client: Client, url: str, anna: Customer) -> None:
    anna.identities.create(kind="email", value="work@example.com")
    make_consent(anna, address="work@example.com")
    client.post(url)

    assert reason(anna) == "objected"


def test_it_can_be_undone_at_once_but_not_later(client: Client, url: str, anna: Customer) -> None:
    assert "Rückgängig machen" in client.post(url).content.decode()
    assert "Alles ist wie zuvor" in client.post(f"{url}undo/").content.decode()
    assert reason(anna) == ""

    client.post(url)
    Consent.objects.filter(state="objected").update(recorded_at=timezone.now() - timedelta(hours=2))
    Consent.objects.filter(state="granted").update(recorded_at=timezone.now() - timedelta(days=2))
    assert "Rückgängig machen" not in client.get(url).content.decode()
    client.post(f"{url}undo/")
    assert reason(anna) == "objected"


def test_it_undoes_nothing_that_was_said_elsewhere(client: Client, url: str, anna: Customer) -> None:
    Consent.objects.create(
        customer=anna, brand=make_brand(), purpose="survey", channel="email", state="objected", origin="phone"
    )
    client.post(f"{url}undo/")

    assert reason(anna) == "objected"


def test_it_still_works_after_years_and_while_the_brand_is_incomplete(client: Client, url: str, anna: Customer) -> None:
    Consent.objects.update(recorded_at=timezone.now() - timedelta(days=3650))
    brand = make_brand()
    brand.imprint_url = ""
    brand.save()

    assert client.post(url).status_code == 200
    assert Consent.objects.filter(state="objected").exists()


@pytest.mark.parametrize("language", ["de", "en"])
def test_it_speaks_the_language_of_the_customer_and_has_a_switch(
    client: Client, url: str, anna: Customer, language: str
) -> None:
    Customer.objects.update(language=language)
    other = {"de": "en", "en": "de"}[language]

    assert f'<html lang="{language}">' in client.get(url).content.decode()
    assert f'<html lang="{other}">' in client.get(url, {"language": other}).content.decode()
    assert f'<html lang="{language}">' in client.get(url, {"language": "xx"}).content.decode()


def test_it_lets_the_address_of_the_page_go_nowhere(client: Client, url: str) -> None:
    for response in (client.get(url), client.post(url), client.get("/unsubscribe/nonsense/")):
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies


def test_it_answers_every_wrong_link_alike(client: Client, url: str, consent: Consent) -> None:
    signature = url.split("~")[1]
    links = [
        "/unsubscribe/nonsense/",
        f"/unsubscribe/{consent.pk}~{'a' * 24}/",
        f"/unsubscribe/{consent.pk + 1}~{signature}",
        f"/unsubscribe/{token(LinkPurpose.ANSWER, consent.pk)}/",
        f"/unsubscribe/{token(LinkPurpose.UNSUBSCRIBE, consent.pk + 1)}/",
    ]
    answers = [client.get(link) for link in links] + [client.post(link) for link in links]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "Dieser Link funktioniert nicht" in answers[0].content.decode()
    assert Consent.objects.count() == 1


@pytest.mark.parametrize("is_readable", [True, False])
def test_it_never_shows_a_token_to_the_log(client: Client, url: str, is_readable: bool) -> None:
    signature = url.split("~")[1].strip("/")
    written = io.StringIO()
    shape = log_settings(is_readable=is_readable)["formatters"]["line"]
    handler = logging.StreamHandler(written)
    shape.pop("()")
    handler.setFormatter(ProcessorFormatter(**shape))
    logging.getLogger().addHandler(handler)
    try:
        client.post(url)
        client.get(url.replace("unsubscribe", "nowhere"))
    finally:
        logging.getLogger().removeHandler(handler)

    assert "request_finished" in written.getvalue()
    assert "Not Found" in written.getvalue()
    assert signature not in written.getvalue()
