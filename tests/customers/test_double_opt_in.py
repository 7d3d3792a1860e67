"""Double opt-in: asked by mail, confirmed by a person's POST, proven in the ledger."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Scope
from customers.actions import apply_retention, create_customer, draft_text, object_to, request_consent, suppress_address
from customers.consent import may_contact
from customers.links import LinkPurpose, token
from customers.models import Consent, ConsentRequest, ConsentText, Customer, Identity, Tag
from customers.wording import stored, text_for
from tests.customers.marked import everything_stored
from tests.factories import make_brand, make_customer, make_user
from tests.fixtures.smtp import SmtpSink
from tests.mailing import send
from tests.problems import assert_problem
from tests.reading import Reader
from touchpoints.actions import seed_vocabulary
from touchpoints.models import Message, Touchpoint
from touchpoints.tasks import queue_opt_in_mails

pytestmark = pytest.mark.django_db
NEW = "neu@example.com"


@pytest.fixture
def anna() -> Customer:
    make_brand()
    return make_customer(language="de")


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


def ask(customer: Customer, *, purposes: tuple[str, ...] = ("survey",), address: str = NEW) -> ConsentRequest:
    text = stored(text_for(purposes[0]))
    return request_consent(
        customer=customer, brand=make_brand(), address=address, purposes=purposes, text=text, origin="store"
    )


def url(request: ConsentRequest) -> str:
    return f"/consent/{token(LinkPurpose.OPT_IN, request.pk)}/"


def decision(customer: Customer, purpose: str = "survey"):
    return may_contact(customer, purpose=purpose, channel="email", brand=make_brand(), now=timezone.now())


def age(request: ConsentRequest, **time: int) -> None:
    ConsentRequest.objects.filter(pk=request.pk).update(requested_at=timezone.now() - timedelta(**time))


def forgotten() -> int:
    return apply_retention(now=timezone.now())["customers.requests"]


def mail(request: ConsentRequest, sink: SmtpSink):
    if not Message.objects.exists():
        seed_vocabulary()
    queue_opt_in_mails()
    send()
    return Message.objects.get(reference=request.pk, kind="opt_in")


def test_it_asks_by_mail_and_a_click_confirms(client: Client, anna: Customer, smtp_sink: SmtpSink) -> None:
    request = ask(anna)
    message = mail(request, smtp_sink)
    assert (message.state, message.basis, message.recipient) == ("sent", "contract", NEW)
    (arrived,) = smtp_sink.messages
    text = arrived.get_body(("plain",)).get_content()
    assert arrived["Subject"] == "Bitte bestätigen Sie Ihre Einwilligung"
    assert "Musterladen GmbH darf mich per E-Mail fragen, wie zufrieden ich bin" in text
    assert "List-Unsubscribe" not in arrived
    link = next(word for word in text.split() if "/consent/" in word)
    assert decision(anna).reason == "no_address", "nobody has confirmed the address"

    page = client.get(urlsplit(link).path)
    assert "Musterladen GmbH darf mich per E-Mail fragen" in page.content.decode()
    assert client.post(urlsplit(link).path).status_code == 200

    assert (decision(anna).is_allowed, decision(anna).address) == (True, NEW)
    consent = Consent.objects.get()
    assert (consent.text, consent.language, consent.origin) == (request.text, "de", "store")
    assert consent.proof["double_opt_in"] == request.pk
    assert {"requested_at", "confirmed_at"} <= set(consent.proof)
    assert not decision(anna, "marketing").is_allowed


def test_scanners_change_nothing(client: Client, anna: Customer) -> None:
    request = ask(anna)
    for _ in range(3):
        assert client.get(url(request)).status_code == 200
        assert client.head(url(request)).status_code == 200
        assert client.get(f"{url(request)}again/").status_code == 405

    assert not Consent.objects.exists()
    assert not client.get(url(request)).cookies


def test_confirming_twice_is_fine(client: Client, anna: Customer) -> None:
    request = ask(anna, purposes=("survey", "review"))
    for _ in range(3):
        assert "Ihre Einwilligung ist bestätigt" in client.post(url(request)).content.decode()

    assert sorted(Consent.objects.values_list("purpose", flat=True)) == ["review", "survey"]


def test_an_expired_link_offers_a_new_mail(client: Client, anna: Customer, smtp_sink: SmtpSink) -> None:
    request = ask(anna)
    age(request, days=8)
    page = client.post(url(request))
    assert page.status_code == 410
    assert "Neue Mail senden" in page.content.decode()
    assert not Consent.objects.exists()

    for _ in range(2):
        assert "Eine neue Mail ist unterwegs" in client.post(f"{url(request)}again/").content.decode()
    new = ConsentRequest.objects.exclude(pk=request.pk).get()
    assert (new.address, new.purposes, new.text) == (NEW, ["survey"], request.text)
    client.post(url(new))
    assert decision(anna).is_allowed


def test_nobody_fills_a_mailbox_through_us(client: Client, anna: Customer) -> None:
    for purpose in ("survey", "review", "marketing"):
        ask(anna, purposes=(purpose,))
    with pytest.raises(ValidationError):
        ask(anna, purposes=("profiling",))
    request = ConsentRequest.objects.latest("id")
    age(request, hours=0)
    assert ask(anna, purposes=("survey",)), "a double click asks once"
    assert ConsentRequest.objects.count() == 3


@pytest.mark.parametrize("purpose", [LinkPurpose.UNSUBSCRIBE, LinkPurpose.ANSWER])
def test_no_other_link_confirms(client: Client, anna: Customer, purpose: str) -> None:
    request = ask(anna)

    assert client.post(f"/consent/{token(purpose, request.pk)}/").status_code == 404
    assert not Consent.objects.exists()


def test_it_does_not_write_to_whoever_said_no_since_or_complained(anna: Customer, smtp_sink: SmtpSink) -> None:
    objected = ask(anna)
    object_to(customer=anna, brand=make_brand(), origin="phone")
    assert (mail(objected, smtp_sink).state, mail(objected, smtp_sink).reason) == ("suppressed", "objected")

    complained = ask(make_customer(), address="ben@example.com")
    suppress_address(address="ben@example.com", reason="complaint", scope="advertising")
    assert mail(complained, smtp_sink).reason == "suppressed"
    assert smtp_sink.messages == []


def test_it_forgets_what_nobody_confirmed(anna: Customer) -> None:
    old, confirmed, young = ask(anna), ask(anna, purposes=("review",)), ask(make_customer(), address="b@example.com")
    age(old, days=31)
    age(young, days=29)
    ConsentRequest.objects.filter(pk=confirmed.pk).update(requested_at=timezone.now() - timedelta(days=31))
    assert Client().post(url(confirmed)).status_code == 410
    ConsentRequest.objects.filter(pk=confirmed.pk).update(confirmed_at=timezone.now())

    assert [forgotten(), forgotten()] == [1, 0]
    assert set(ConsentRequest.objects.all()) == {confirmed, young}
    assert Identity.objects.filter(value=NEW).exists(), "another request names it"
    age(young, days=31)
    assert forgotten() == 1
    assert not Identity.objects.filter(value="b@example.com").exists()
    assert Client().get(url(old)).status_code == 404


def test_with_it_goes_who_was_nothing_else(anna: Customer, smtp_sink: SmtpSink) -> None:
    nobody, owned = create_customer(fields={}), create_customer(fields={"owner": make_user()})
    tagged = create_customer(fields={}, tags=[Tag.objects.create(key="vip", name="VIP")])
    addresses = {it.pk: f"asked{it.pk}@example.com" for it in (nobody, owned, tagged, anna)}
    requests = [ask(it, address=addresses[it.pk]) for it in (nobody, owned, tagged, anna)]
    assert mail(requests[0], smtp_sink).state == "sent"
    for request in requests:
        age(request, days=31)
    assert addresses[nobody.pk] in everything_stored()

    assert forgotten() == 4

    assert set(Customer.objects.all()) == {owned, tagged, anna}
    assert [address for address in addresses.values() if address in everything_stored()] == []
    assert set(Touchpoint.objects.values_list("customer", flat=True)) == {owned.pk, tagged.pk, anna.pk}


def test_it_never_takes_the_address_of_somebody_else(anna: Customer) -> None:
    make_customer(email=NEW)

    with pytest.raises(ValidationError):
        ask(anna)
    assert not ConsentRequest.objects.exists()


def test_words_stay_as_they_were_shown(anna: Customer) -> None:
    request = ask(anna)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentText.objects.filter(pk=request.text_id).update(text_de="Ja zu allem")
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentText.objects.filter(pk=request.text_id).delete()

    draft = draft_text(text=request.text)
    ConsentText.objects.filter(pk=draft.pk).update(text_de="Neu")
    assert (draft.version, text_for("survey")) == (2, draft)
    assert draft_text(text=request.text) == draft


def test_other_systems_ask_over_rest(anna: Customer) -> None:
    api = Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
    body = {"customer": anna.pk, "email": " NEU@example.com", "purposes": ["survey"], "origin": "newsletter form"}
    answer = api.send("post", "consent-requests/", body | {"language": "en", "proof": {"form": "footer"}})

    assert answer.status_code == 201
    told = answer.json()
    assert (told["email"], told["state"], told["text"]) == (NEW, "waiting", "consent-survey v1")
    assert told["confirmed_at"] is None
    request = ConsentRequest.objects.get()
    assert (request.language, request.proof, request.requested_by) == ("en", {"form": "footer"}, None)
    assert api.send("post", "consent-requests/", body | {"language": "en"}).json()["id"] == request.pk

    Client().post(url(request))
    assert api.get(f"consent-requests/{request.pk}/").json()["state"] == "confirmed"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purposes": ["service"]}, "purposes"),
        ({"purposes": []}, "purposes"),
        ({"purposes": ["survey", "review"]}, "text"),
        ({"text": "no-such-text"}, "text"),
        ({"email": "nobody"}, "email"),
        ({"customer": 0}, "customer"),
        ({"confirmed_at": "2026-01-01T00:00:00Z"}, "confirmed_at"),
    ],
)
def test_rest_refuses_what_is_wrong(anna: Customer, change: dict[str, object], field: str) -> None:
    api = Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
    body = {"customer": anna.pk, "email": NEW, "purposes": ["survey"], "origin": "form"}
    told = assert_problem(api.send("post", "consent-requests/", body | change), 400, "invalid")

    assert field in told["errors"]
    assert not ConsentRequest.objects.exists()


def test_rest_needs_the_scope_and_tells_conflicts(anna: Customer) -> None:
    body = {"customer": anna.pk, "email": NEW, "purposes": ["survey"], "origin": "form"}
    reader = Reader(Scope.CUSTOMERS_READ)
    assert reader.send("post", "consent-requests/", body).status_code == 403
    make_customer(email=NEW)
    writer = Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
    assert_problem(writer.send("post", "consent-requests/", body), 409, "identity_known")
