"""Art. 17 DSGVO: afterwards nothing tells of the person, wherever one looks, and they are not written to again."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Change
from customers.actions import finish_erasures, merge_customers, request_erasure
from customers.actions.erasing import finish_erasure
from customers.consent import may_contact
from customers.models import (
    ConsentProof,
    Customer,
    CustomerChange,
    CustomerExport,
    CustomerImport,
    Erasure,
    Identity,
    Suppression,
)
from customers.privacy.elsewhere import elsewhere
from customers.privacy.person import Person
from customers.suppression import address_hmac
from tests.customers.marked import EMAIL, MARKER, everything_stored, make_marked_person
from tests.factories import make_brand, make_consent, make_customer, make_source, make_touchpoint, make_user
from touchpoints import feed
from touchpoints.models import IdempotencyRecord, MailHost, RejectedTouchpoint, Touchpoint


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings) -> None:
    settings.VAR_DIR = tmp_path
    settings.ERASURE_LOG = tmp_path / "kept" / "erasures.jsonl"


def erase(customer: Customer) -> Erasure:
    return finish_erasure(erasure=request_erasure(customer=customer, by=make_user()))


@pytest.mark.django_db
def test_it_leaves_nothing_in_any_table(caplog: pytest.LogCaptureFixture) -> None:
    customer = make_marked_person()
    assert EMAIL in everything_stored()

    erasure = erase(customer)

    told = [line for line in everything_stored().splitlines() if MARKER in line or EMAIL in line]
    assert told == []
    assert MARKER not in caplog.text
    assert EMAIL not in settings.ERASURE_LOG.read_text()
    assert erasure.counts["customers.Customer"] == 1


@pytest.mark.django_db
def test_it_leaves_others_alone() -> None:
    other = make_customer(family_name="Bleibt")
    make_touchpoint(other)
    erase(make_marked_person())
    other.refresh_from_db()
    assert Touchpoint.objects.filter(customer=other).count() == 1


@pytest.mark.django_db
def test_it_finds_what_no_relation_leads_to(tmp_path: Path) -> None:
    customer, source = make_customer(), make_source()
    Identity.objects.create(customer=customer, kind="email", value="anna@example.org")
    RejectedTouchpoint.objects.create(source=source, code="x", raw=b'{"email": "Anna@Example.org\x00\xff"}')
    kept = RejectedTouchpoint.objects.create(source=source, code="x", raw=b'{"email": "joanna@example.org"}'[:20])
    IdempotencyRecord.objects.create(source=source, key="k", body_digest=b"1", status=200, answer=["anna@example.org"])
    host = MailHost.objects.create(name="mx", error="550 <anna@example.org> unknown")
    export = CustomerExport.objects.create(filters={"q": "anna@example.org"}, rows=1)
    file = CustomerImport.objects.create(name="neu.csv", stored_as="1", encoding="cp1252", delimiter=";")
    file.folder.mkdir()
    file.path.write_bytes("Müller;anna@example.org\n".encode("cp1252"))
    mail = tmp_path / "mailbox" / "1.eml"
    mail.parent.mkdir()
    mail.write_bytes(b"To: anna@example.org\r\nSubject: x\r\n\r\nBody")

    erase(customer)

    assert "anna@example.org" not in everything_stored().lower()
    assert list(RejectedTouchpoint.objects.all()) == [kept]
    host.refresh_from_db()
    export.refresh_from_db()
    file.refresh_from_db()
    assert (host.error, export.filters, file.state) == ("", {}, "failed")
    assert not file.path.exists()
    assert not mail.exists()


@pytest.mark.parametrize(
    ("raw", "is_gone"),
    [
        ('{"name": "Jörg Öztürk"}', True),
        ('{"first_name": "J\\u00f6rg", "last_name": "\\u00d6zt\\u00fcrk"}', True),
        ('{"name": "JÖRG ÖZTÜRK", "place": "\ud83d"}', True),
        ('{"name": "ÖZTÜRK, JÖRG"}', True),
        ('{"name": "Jörg Öztürkler"}', False),
        ('{"name": "Ulla Öztürk"}', False),
    ],
)
@pytest.mark.django_db
def test_a_name_alone_is_found_where_nobody_owns_the_text(raw: str, is_gone: bool) -> None:
    source, customer = make_source(), make_customer(given_name="Jörg", family_name="Öztürk")
    RejectedTouchpoint.objects.create(source=source, code="x", raw=raw.encode("utf-8", "surrogatepass"))
    export = CustomerExport.objects.create(filters={"q": json.loads(raw).get("name", "-")}, rows=1)
    namesake = Person.of([make_customer(given_name="Jörg", family_name="Öztürk").pk])
    assert [place.find(namesake) for place in elsewhere()] == [[] for _place in elsewhere()], "told to nobody else"

    erase(customer)

    export.refresh_from_db()
    assert RejectedTouchpoint.objects.exists() is not is_gone
    assert (export.filters == {}) is (is_gone and "name" in json.loads(raw))


@pytest.mark.django_db
def test_the_history_keeps_who_and_when_but_no_value() -> None:
    customer = make_customer(city="Potsdam")
    customer.city = "Bernau"
    customer.save()
    erase(customer)
    told = Change.objects.filter(model="customers.customer", row_pk=customer.pk, changes__has_key="city")
    assert {(change.kind, tuple(change.columns["city"])) for change in told} >= {("UPDATE", ()), ("DELETE", ())}
    assert "Bernau" not in everything_stored()


@pytest.mark.django_db
def test_the_whole_group_goes_and_followers_hear_of_it() -> None:
    one, other = make_customer(), make_customer()
    make_touchpoint(other)
    merge_customers(kept=one, merged=other, reason="test")
    erase(one)
    assert not Customer.objects.filter(pk__in=[one.pk, other.pk]).exists()
    assert set(CustomerChange.objects.filter(kind="erased").values_list("customer_pk", flat=True)) == {one.pk, other.pk}
    feed.catch_up()


@pytest.mark.django_db
def test_the_proof_of_a_consent_is_found_by_the_address_alone() -> None:
    customer, brand = make_customer(), make_brand()
    make_consent(customer, address="anna@example.org")
    erase(customer)
    proof = ConsentProof.objects.get(address_hmac=address_hmac("anna@example.org"))
    assert (proof.state, proof.brand) == ("granted", brand)


@pytest.mark.django_db
def test_an_address_that_comes_again_is_not_written_to() -> None:
    brand, customer = make_brand(), make_customer()
    Identity.objects.create(customer=customer, kind="email", value="anna@example.org")
    erase(customer)
    again = make_customer()
    Identity.objects.create(customer=again, kind="email", value="anna@example.org")
    make_consent(again, address="anna@example.org", purpose="survey")
    decision = may_contact(again, purpose="survey", channel="email", brand=brand, now=timezone.now())
    assert not decision.is_allowed
    assert Suppression.objects.filter(address_hmac=address_hmac("anna@example.org"), scope="advertising").exists()


@pytest.mark.django_db
def test_nobody_is_erased_twice_at_once() -> None:
    customer = make_customer()
    erasure = request_erasure(customer=customer)
    with pytest.raises(ValidationError):
        request_erasure(customer=customer)
    assert finish_erasures() == 1
    assert finish_erasures() == 0
    erasure.refresh_from_db()
    assert erasure.erased_at


@pytest.mark.django_db
def test_after_a_restore_they_are_forgotten_again() -> None:
    customer = make_customer()
    Identity.objects.create(customer=customer, kind="email", value="anna@example.org")
    erase(customer)
    stays = make_customer()
    Identity.objects.create(customer=stays, kind="email", value="neu@example.org")
    # The backup knows the person and nothing of the erasure.
    Erasure.objects.all().delete()
    Suppression.objects.all().delete()
    restored = make_customer()
    identity = Identity.objects.create(customer=restored, kind="email", value="anna@example.org")
    line = json.loads(settings.ERASURE_LOG.read_text().splitlines()[0])
    Identity.objects.filter(pk=identity.pk).update(created_at="2020-01-01T00:00:00Z")

    call_command("replay_erasures")

    assert line["hmacs"]
    assert not Customer.objects.filter(pk=restored.pk).exists()
    assert Customer.objects.filter(pk=stays.pk).exists()
    call_command("replay_erasures")
    assert Erasure.objects.count() == 1


@pytest.mark.django_db
def test_a_line_cut_off_by_a_crash_is_no_obstacle() -> None:
    settings.ERASURE_LOG.parent.mkdir()
    settings.ERASURE_LOG.write_text('{"erasure": 1, "hma')
    erase(make_customer())
    assert call_command("replay_erasures") is None
    assert len(settings.ERASURE_LOG.read_text().splitlines()) == 2


@pytest.mark.django_db
def test_who_came_back_later_is_not_forgotten_by_a_replay() -> None:
    customer = make_customer()
    Identity.objects.create(customer=customer, kind="email", value="anna@example.org")
    erase(customer)
    back = make_customer()
    Identity.objects.create(customer=back, kind="email", value="anna@example.org")
    call_command("replay_erasures")
    assert Customer.objects.filter(pk=back.pk).exists()
