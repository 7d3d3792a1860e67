"""The preference centre: see, withdraw, allow, pause, object to everything, change the language; undo."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from customers.actions import suppress_address
from customers.consent import may_contact
from customers.models import Consent, ConsentRequest, Customer, Pause
from customers.preferences import handed_url, mailed_url
from tests.factories import make_brand, make_consent, make_customer
from tests.fixtures.smtp import SmtpSink
from tests.mailing import queue_mail, send

pytestmark = pytest.mark.django_db
ANNA = "anna@example.com"


@pytest.fixture
def anna() -> Customer:
    make_brand()
    customer = make_customer(email=ANNA, language="de", street="Weg 1", postal_code="10115", city="Berlin")
    make_consent(customer, address=ANNA)
    return customer


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def url(anna: Customer) -> str:
    return urlsplit(mailed_url(ANNA, make_brand())).path


@pytest.fixture
def wish(client: Client, url: str) -> Callable[[str], str]:
    def wish(text: str, at: str = "") -> str:
        response = client.post(at or url, {"wish": text})
        assert response.status_code == 200
        assert not response.cookies
        return response.content.decode()

    return wish


def reason(customer: Customer, purpose: str = "survey", channel: str = "email") -> str:
    customer = Customer.objects.get(pk=customer.pk)
    return may_contact(customer, purpose=purpose, channel=channel, brand=make_brand(), now=timezone.now()).reason


def undo_of(page: str) -> str:
    before, _undo, _after = page.partition(">Rückgängig machen</button>")
    return before.rpartition('value="')[2].rstrip('"')


def test_it_tells_every_purpose_in_plain_words_and_changes_nothing(client: Client, url: str, anna: Customer) -> None:
    for _ in range(2):
        assert client.head(url).status_code == 200
        response = client.get(url)
    page = response.content.decode()

    assert not response.cookies
    assert response["Referrer-Policy"] == "no-referrer"
    for words in ("Einladungen zu Umfragen", "Sie haben am", "Sie haben nicht zugestimmt", "a…@example.com"):
        assert words in page
    assert ANNA not in page
    assert Consent.objects.count() == 1


def test_a_purpose_is_refused_and_that_undone(wish: Callable[..., str], anna: Customer) -> None:
    make_consent(anna, address=ANNA, purpose="review")
    page = wish("refuse:survey")
    assert (reason(anna), reason(anna, "review")) == ("objected", "")

    assert "Alles ist wie zuvor" in wish(undo_of(page))
    assert reason(anna) == ""
    assert Consent.objects.newest_first()[0].origin == "preferences_undone"


def test_a_purpose_is_allowed_with_the_words_shown(wish: Callable[..., str], anna: Customer) -> None:
    page = wish("allow:marketing")
    assert reason(anna, "marketing") == ""
    consent = Consent.objects.newest_first()[0]
    assert (consent.address, consent.origin, consent.language) == (ANNA, "preferences", "de")
    assert "Angebote und Neuigkeiten" in consent.words_shown
    assert consent.proof["link"] == "mail"

    wish(undo_of(page))
    assert reason(anna, "marketing") == "objected"


def test_everything_is_refused_by_every_way_and_that_undone(wish: Callable[..., str], anna: Customer) -> None:
    make_consent(anna, address=ANNA, purpose="review", basis="existing_customer",
                 is_from_sale=True, is_for_similar_goods=True, is_notice_given=True)  # fmt: skip
    assert reason(anna, "marketing", "post") == ""
    page = wish("refuse:everything")
    for purpose in ("survey", "review", "marketing"):
        assert {reason(anna, purpose, channel) for channel in ("email", "post")} == {"objected"}
    assert reason(anna, "service") == ""
    assert Consent.objects.filter(purpose="profiling", state="objected").count() == 1
    again = wish("refuse:everything")
    assert Consent.objects.filter(state="objected").count() == 10, "once is enough"
    assert undo_of(again) != undo_of(page)

    wish(undo_of(page))
    assert {reason(anna, "survey"), reason(anna, "review"), reason(anna, "marketing", "post")} == {""}
    assert reason(anna, "marketing") == "objected", "it had not been allowed before"


def test_an_objection_is_undone_only_just_after(wish: Callable[..., str], anna: Customer) -> None:
    page = wish("refuse:survey")
    Consent.objects.filter(state="objected").update(recorded_at=timezone.now() - timedelta(hours=2))
    wish(undo_of(page))

    assert reason(anna) == "objected"


def test_nobody_undoes_what_another_person_said(wish: Callable[..., str], anna: Customer) -> None:
    page = wish("refuse:survey")
    make_customer(email="eva@example.com")
    wish(undo_of(page), urlsplit(mailed_url("eva@example.com", make_brand())).path)

    assert reason(anna) == "objected"


def test_a_pause_ends_by_itself_or_by_a_click(wish: Callable[..., str], anna: Customer) -> None:
    page = wish("pause:30")
    assert (reason(anna), reason(anna, "service")) == ("paused", "")
    assert "Pause bis" in page
    wish(undo_of(page))
    assert reason(anna) == ""

    wish("pause:90")
    assert reason(anna) == "paused"
    Pause.objects.update(until_at=timezone.now())
    assert reason(anna) == ""


def test_the_language_of_mails_is_changed(wish: Callable[..., str], anna: Customer) -> None:
    double = make_customer(canonical=anna)
    page = wish("language:en")

    assert "From now on our mails come in this language" in page
    assert set(Customer.objects.filter(pk__in=[anna.pk, double.pk]).values_list("language", flat=True)) == {"en"}


@pytest.mark.parametrize(
    "text",
    ["", "allow:service", "refuse:service", "pause:1000", "language:fr", "undo:x,-1,99999999999999999999", "x:y"],
)
def test_an_unknown_wish_does_nothing(wish: Callable[..., str], anna: Customer, text: str) -> None:
    wish(text)

    assert Consent.objects.count() == 1
    assert not Pause.objects.exists()


def test_a_link_handed_out_confirms_by_mail_what_it_allows(wish: Callable[..., str], anna: Customer) -> None:
    """It did not come by mail, so it says nothing about who reads the mails of the address."""
    handed = urlsplit(handed_url(anna, make_brand())).path
    assert "Wir haben Ihnen eine Mail gesendet" in wish("allow:marketing", handed)
    assert reason(anna, "marketing") == "no_legal_basis"
    assert ConsentRequest.objects.get().purposes == ["marketing"]

    wish("refuse:survey", handed)
    assert reason(anna) == "objected"


def test_an_address_that_is_suppressed_cannot_be_allowed_here(client: Client, url: str, anna: Customer) -> None:
    suppress_address(address=ANNA, reason="complaint", scope="advertising")
    page = client.get(url).content.decode()

    assert "An diese Adresse schreiben wir nicht mehr" in page
    assert 'value="allow:survey"' not in page


def test_links_are_bound_to_brand_and_person(client: Client, url: str, anna: Customer) -> None:
    other = urlsplit(mailed_url(ANNA, make_brand(is_default=False))).path
    assert other != url
    client.post(other, {"wish": "refuse:survey"})
    assert reason(anna) == ""

    assert client.get(url.replace("~", "~A")).status_code == 404
    anna.identities.all().delete()
    assert client.get(url).status_code == 404
    assert mailed_url(ANNA, make_brand()) == ""


def test_every_mail_to_a_customer_carries_the_link(smtp_sink: SmtpSink) -> None:
    message = queue_mail()
    send()
    (mail,) = smtp_sink.messages
    link = mailed_url(ANNA, message.brand)

    for kind in ("plain", "html"):
        assert link in mail.get_body((kind,)).get_content()
    message.refresh_from_db()
    assert link not in message.text, "the copy we keep opens nothing"
