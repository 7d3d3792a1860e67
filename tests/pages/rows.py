"""The rows that pages are visited with; each is made once."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from django.core.management import call_command
from django.utils import timezone

from accounts.acting import acting
from customers.actions import decide, merge_customers, request_consent, undo_merge, unsubscribe
from customers.actions.consent_requests import confirm_consent
from customers.actions.preferring import pause
from customers.grounds import grounds
from customers.links import LinkPurpose, token
from customers.models import ConsentRequest, Customer, CustomerImport, Identity, Membership, MergeSuggestion, Note, Tag
from customers.models.suggestion import Decision
from customers.preferences import holder_of, mailed_url
from customers.wording import stored, text_for
from tests.customers.importing import check, import_all, upload
from tests.factories import how_it_ended, make_brand, make_consent, make_customer, make_user
from tests.touchpoints.telling import by_api
from touchpoints.actions import record_touchpoint
from touchpoints.actions.cases import open_case, resolve_case
from touchpoints.feed import catch_up
from touchpoints.models import Case, Message

STORY = [
    ("ad_clicked", 20, "", {}),
    ("product_viewed", 19, "", {}),
    ("basket_added", 18.9, "", {}),
    ("order_placed", 18.8, "order:1001", {"value": "129.90", "currency": "EUR"}),
    ("order_shipped", 17, "order:1001", {}),
    ("order_delivered", 15, "order:1001", {}),
    ("call_inbound", 3, "", {"valence": -1, "actor": "agent", "properties": {"note": "Die Maschine tropft."}}),
]


def a_customer() -> Sequence[object]:
    return (_customer().pk,)


@cache
def _whole_lives() -> Customer:
    """An order and a subscription from their beginning to their end."""
    call_command("seed_vocabulary")
    ines = make_customer(given_name="Ines", family_name="Brandt")
    Identity.objects.create(customer=ines, kind="user_id", value="4711")
    by_api()
    catch_up()
    return ines


def a_whole_order() -> Sequence[object]:
    return (_whole_lives().subjects.get(kind="order").pk,)


def a_whole_subscription() -> Sequence[object]:
    return (_whole_lives().subjects.get(kind="subscription").pk,)


def who_ordered() -> Sequence[object]:
    return (_whole_lives().pk,)


def a_link_to_unsubscribe() -> Sequence[object]:
    consent = make_consent(make_customer(email="ben@example.org"), address="ben@example.org")
    return (token(LinkPurpose.UNSUBSCRIBE, consent.pk),)


def a_link_used_to_unsubscribe() -> Sequence[object]:
    consent = make_consent(make_customer(email="eva@example.org"), address="eva@example.org")
    unsubscribe(consent=consent)
    return (token(LinkPurpose.UNSUBSCRIBE, consent.pk),)


def a_link_to_opt_in() -> Sequence[object]:
    return (token(LinkPurpose.OPT_IN, _asked("mia@example.org").pk),)


def a_link_used_to_opt_in() -> Sequence[object]:
    asked = _asked("tim@example.org")
    confirm_consent(request=asked, now=timezone.now())
    return (token(LinkPurpose.OPT_IN, asked.pk),)


def an_old_link_to_opt_in() -> Sequence[object]:
    asked = _asked("ole@example.org")
    ConsentRequest.objects.filter(pk=asked.pk).update(requested_at=timezone.now() - timedelta(days=20))
    return (token(LinkPurpose.OPT_IN, asked.pk),)


def _asked(address: str) -> ConsentRequest:
    """In the language of whoever looks."""
    brand, text = make_brand(), stored(text_for("survey"))
    asked = request_consent(
        customer=make_customer(), brand=brand, address=address, purposes=["survey"], text=text, origin="store"
    )
    ConsentRequest.objects.filter(pk=asked.pk).update(language="")
    return asked


def a_link_to_preferences() -> Sequence[object]:
    return a_link_of("ida@example.org")


def a_link_to_preferences_in_a_pause() -> Sequence[object]:
    (link,) = a_link_of("jan@example.org")
    holder = holder_of(str(link))
    assert holder
    pause(holder=holder, days=30, now=timezone.now())
    return (link,)


def a_link_of(address: str) -> Sequence[object]:
    make_consent(make_customer(email=address), address=address)
    return (mailed_url(address, make_brand()).rstrip("/").rpartition("/")[2],)


def a_sent_message() -> Sequence[object]:
    customer = make_customer(email="leo@example.org")
    consent = make_consent(customer, address="leo@example.org", text=stored(text_for("review")), purpose="review")
    rests_on = grounds(
        customer=customer, brand=consent.brand, purpose="review", channel="email", address=consent.address,
        basis="opt_in", consent_id=consent.pk, now=timezone.now(),
    )  # fmt: skip
    message = Message.objects.create(
        kind="invitation", key="invitation:0:proof", brand=consent.brand, customer=customer, state="sent",
        sent_at=timezone.now(), data_at=timezone.now(), recipient=consent.address, consent=consent, basis="opt_in",
        grounds=rests_on, title="Wie war Ihre Bestellung?", text="Guten Tag",
    )  # fmt: skip
    return (message.pk,)


def an_open_case() -> Sequence[object]:
    return (_case().pk,)


def a_resolved_case() -> Sequence[object]:
    case = open_case(customer=_customer(), by=None, title="Paket kam zu spät", kind="complaint")
    resolve_case(case=case, by=None, **how_it_ended("late_delivery", "refunded"), note="Versandkosten erstattet")
    catch_up()
    return (case.pk,)


KUNDEN = (
    "Kundennummer;Anrede;Vorname;Nachname;E-Mail;Telefon;Straße;PLZ;Ort;Umsatz\r\n"
    "K-1001;Frau;Anna;Müller;anna.mueller@kunde.example;030 1234567;Lindenstraße 12;10969;Berlin;1.234,56\r\n"
    "K-1002;Herr;Ben;Groß;ben.gross@kunde.example;;Am Markt 3;01067;Dresden;87,90\r\n"
    "K-1003;Frau;Cem;Yilmaz;cem.kunde.example;;Hauptstr. 5;50667;Köln;12,00\r\n"
)


def a_file_uploaded() -> Sequence[object]:
    make_brand()
    return (upload(KUNDEN.encode("windows-1252", "replace"), name="Kunden März 2026.csv").pk,)


def a_file_checked() -> Sequence[object]:
    make_brand()
    return (check(upload(KUNDEN, name="Kunden März 2026.csv")).pk,)


def a_file_at_work() -> Sequence[object]:
    (pk,) = a_file_uploaded()
    CustomerImport.objects.filter(pk=pk).update(state="running", rows=100_000, position=45_000, created=44_210)
    return (pk,)


def a_file_imported() -> Sequence[object]:
    make_brand()
    return (import_all(KUNDEN, name="Kunden März 2026.csv").pk,)


def a_file_failed() -> Sequence[object]:
    (pk,) = a_file_uploaded()
    CustomerImport.objects.filter(pk=pk).update(state="failed", failure="Zeile 7: …")
    return (pk,)


def imported_files() -> Sequence[object]:
    a_file_imported()
    return ()


@cache
def a_changed_customer() -> Sequence[object]:
    """By a colleague, by a system, in bulk, by a merge."""
    eva = make_customer(given_name="Eva", family_name="Sommer", city="Berlin", street="Am Ring 1")
    berger = make_user(first_name="Anna", last_name="Berger")
    with acting(user=berger.pk, origin="page"):
        Customer.objects.filter(pk=eva.pk).update(city="Potsdam", postal_code="14467", owner=berger)
        Identity.objects.create(customer=eva, kind="email", value="eva.sommer@example.org")
    with acting(origin="task customers"):
        twin = make_customer(given_name="Eva", family_name="Sommer-Maier")
        merge_customers(kept=eva, merged=twin, reason="loyalty_card of one event")
    for number in range(4):
        make_customer(family_name=f"Winter {number}", street="Am Ring 1")
    with acting(user=berger.pk, origin="page"):
        Customer.objects.filter(street="Am Ring 1").update(language="de")
    Customer.objects.filter(pk=eva.pk).update(street="Donaudampfschifffahrtsgesellschaftskapitänsallee 12")
    return (eva.pk,)


@cache
def a_company() -> Customer:
    return make_customer(
        kind="company", salutation="", given_name="", family_name="", company_name="Musterbau GmbH & Co. KG"
    )


@cache
def _customer() -> Customer:
    call_command("seed_vocabulary")
    call_command("seed_journeys")
    anna = make_customer(email="anna.mueller@example.org", city="Berlin", postal_code="10115", title="Dr.")
    Identity.objects.create(customer=anna, kind="phone", value="+493012345678")
    Membership.objects.create(company=a_company(), person=anna, role="Einkauf", since_on=timezone.localdate())
    for type, days_ago, subject, fields in STORY:
        record_touchpoint(
            source="kundenpfad",
            message_id=f"story {type}",
            type=type,
            customer=anna,
            occurred_at=timezone.now() - timedelta(days=days_ago),
            subject=subject,
            **fields,
        )
    regular, quiet = (
        Tag.objects.create(key=key, name=name, colour=colour)
        for key, name, colour in (("regular", "Stammkundin", "green"), ("quiet", "Nur schriftlich", ""))
    )
    anna.tags.add(regular, quiet)
    Tag.objects.create(key="press", name="Presse", colour="purple")
    Note.objects.create(customer=anna, text="Ruft lieber vormittags an.", author=make_user(first_name="Jonas"))
    catch_up()
    return anna


@cache
def a_suggestion() -> Sequence[object]:
    twin = make_customer(
        email="a.mueller@example.net", given_name="Anna-Maria", family_name="Mueller", salutation="", city="Berlin",
        street="Torstr. 12", postal_code="10115",
    )  # fmt: skip
    Customer.objects.filter(pk=_customer().pk).update(street="Torstraße 12")
    Identity.objects.create(customer=twin, kind="anonymous_id", value="d-7f3a92c1", is_trusted=False)
    older = make_customer(given_name="Anna", family_name="Schneider", city="Kiel", title="Dr.")
    Note.objects.create(customer=older, text="Ruft lieber vormittags an.")
    merge_customers(kept=twin, merged=older, reason="loyalty_card of one event")
    return (_suggest(twin, ["address", "device", "name"]).pk,)


def a_suggestion_kept_apart() -> Sequence[object]:
    suggestion = _suggest(make_customer(given_name="Peter", salutation="herr"), ["address"])
    return (decide(suggestion=suggestion, decision=Decision.KEEP_APART, by=make_user(first_name="Ines")).pk,)


def a_suggestion_kept_apart_and_merged_elsewhere() -> Sequence[object]:
    twin = make_customer(given_name="Paul", salutation="herr")
    other = make_customer(given_name="Paul", family_name="Mueller")
    suggestion = MergeSuggestion.objects.create(one=twin, other=other, score=0.5, reasons=["name"])
    suggestion = decide(suggestion=suggestion, decision=Decision.KEEP_APART, by=make_user(first_name="Ines"))
    merge_customers(kept=twin, merged=other, reason="same customer number")
    return (suggestion.pk,)


def a_suggestion_merged_and_parted_elsewhere() -> Sequence[object]:
    twin = make_customer(given_name="Karl", salutation="herr")
    other = make_customer(given_name="Karl", family_name="Mueller", street="Weg 2", postal_code="10115", city="Berlin")
    suggestion = MergeSuggestion.objects.create(one=twin, other=other, score=0.5, reasons=["name"])
    by = make_user(first_name="Ines", last_name="Lang")
    merged = decide(suggestion=suggestion, decision=Decision.MERGE, kept=twin.pk, by=by)
    undo_merge(merge=merged.merge, by=make_user(first_name="Ada", last_name="Kern"))  # type: ignore[arg-type]
    return (suggestion.pk,)


def _suggest(twin: Customer, reasons: list[str]) -> MergeSuggestion:
    one, other = sorted([_customer(), twin], key=lambda customer: customer.pk)
    return MergeSuggestion.objects.create(one=one, other=other, score=0.82, reasons=reasons)


@cache
def _case() -> Case:
    owner = make_user(username="owner", first_name="Jonas", last_name="Weber")
    case = open_case(
        customer=_customer(),
        by=owner,
        owner=owner,
        title="Kaffeemaschine tropft",
        kind="complaint",
        priority=3,
        description="Seit gestern steht Wasser auf der Arbeitsplatte.",
        due_at=timezone.now() - timedelta(hours=5),
    )
    catch_up()
    return case
