"""identify, alias and group: who somebody is and what is told about them."""

import pytest

from customers.models import Customer, Identity, Membership
from tests.factories import make_customer
from tests.touchpoints.sdk_sending import Sdk, assert_taken, call, track
from touchpoints.models import RejectedTouchpoint, Touchpoint

pytestmark = pytest.mark.django_db
TRAITS = {
    "firstName": "Anna",
    "lastName": "Müller",
    "email": "Anna@Example.org",
    "phone": "030 1234567",
    "company": {"name": "Tee & Co"},
    "address": {"street": "Musterweg 1", "postalCode": 10115, "city": "Berlin", "country": "de"},
    "plan": "gold",
}


@pytest.fixture
def sdk() -> Sdk:
    return Sdk.new()


def identities() -> set[tuple[str, str]]:
    return set(Identity.objects.values_list("kind", "value"))


@pytest.mark.parametrize("place", ["traits", "context"])
def test_identify_makes_somebody_known(sdk, place):
    told = {"traits": TRAITS} if place == "traits" else {"context": {"traits": TRAITS, "locale": "de-DE"}}
    assert_taken(sdk.send(call("page", "p", userId=None, anonymousId="a1"), call("identify", anonymousId="a1", **told)))
    customer = Customer.objects.get()
    assert customer.is_known
    assert (customer.given_name, customer.family_name, customer.company_name) == ("Anna", "Müller", "Tee & Co")
    assert (customer.street, customer.postal_code, customer.city) == ("Musterweg 1", "10115", "Berlin")
    assert (customer.country, customer.language) == ("DE", "de" if place == "context" else "")
    assert identities() == {
        ("user_id", "u1"), ("anonymous_id", "a1"), ("email", "anna@example.org"), ("phone", "+49301234567"),
    }  # fmt: skip
    assert Touchpoint.objects.get(type__key="identified").properties["plan"] == "gold"


def test_identify_never_overwrites_what_is_there(sdk):
    sdk.send(call("identify", traits={"firstName": "Anna", "lastName": "Müler"}))
    Customer.objects.update(family_name="Müller")
    sdk.send(call("identify", "m2", traits={"name": "Bert Schmidt", "address": {"city": "Bonn"}}))
    customer = Customer.objects.get()
    assert (customer.given_name, customer.family_name, customer.city) == ("Anna", "Müller", "Bonn")


def test_a_repeated_identify_does_not_fill_what_staff_emptied(sdk):
    for _time in range(2):
        sdk.send(call("identify", traits=TRAITS))
        Customer.objects.update(given_name="", family_name="")
    assert Customer.objects.get().given_name == ""


def test_identify_describes_the_person_not_the_record(sdk):
    sdk.send(track(userId=None, anonymousId="a1"), call("identify", "m2", userId="u1"))
    sdk.send(call("identify", "m3", anonymousId="a1", traits={"name": "Anna Müller"}))
    person = Identity.objects.get(kind="anonymous_id").customer.canonical
    assert person.given_name == "Anna"


@pytest.mark.parametrize(
    "trait", [{"email": "anna"}, {"phone": "1"}, {"email": 7}, {"email": {"a": 1}}, {"phone": None}]
)
def test_an_unusable_address_stays_a_trait(sdk, trait):
    assert_taken(sdk.send(call("identify", traits=trait)))
    assert identities() == {("user_id", "u1")}
    assert Touchpoint.objects.get().properties == trait


@pytest.mark.parametrize("nobody", [None, "", "  ", "null", "undefined", "None", True, {"a": 1}, ["x"]])
def test_what_means_nobody_is_nobody(sdk, nobody):
    assert_taken(sdk.send(track(userId=nobody, anonymousId="a1"), track(message_id="b", userId=nobody)))
    assert identities() == {("anonymous_id", "a1")}
    assert RejectedTouchpoint.objects.get().code == "invalid_identity"


def test_ids_may_be_numbers(sdk):
    sdk.send(track(userId=4711, anonymousId=7))
    assert identities() == {("user_id", "4711"), ("anonymous_id", "7")}


def test_alias_joins_an_anonymous_person(sdk):
    sdk.send(track(userId=None, anonymousId="a1"))
    assert_taken(sdk.send(call("alias", "m2", previousId="a1", userId="u1")))
    assert identities() == {("anonymous_id", "a1"), ("user_id", "u1")}
    assert Customer.objects.values("canonical").distinct().count() == 1


def test_alias_joins_a_former_user_id(sdk):
    sdk.send(track(userId="old"), track(message_id="m2", userId="new"))
    sdk.send(call("alias", "m3", previousId="old", userId="new"))
    assert identities() == {("user_id", "old"), ("user_id", "new")}
    assert Customer.objects.values("canonical").distinct().count() == 1


def test_alias_knows_a_user_id_of_the_same_batch(sdk):
    sdk.send(track(userId="old"), call("alias", "m2", previousId="old", userId="new"))
    assert identities() == {("user_id", "old"), ("user_id", "new")}
    assert Customer.objects.values("canonical").distinct().count() == 1


def test_alias_needs_a_former_id(sdk):
    assert_taken(sdk.send(call("alias", previousId=None)))
    assert RejectedTouchpoint.objects.get().code == "invalid_identity"


def test_group_makes_a_member_of_a_company(sdk):
    for message_id in ("m1", "m2"):
        assert_taken(sdk.send(call("group", message_id, groupId="acme", traits={"name": "Acme GmbH", "plan": "x"})))
    membership = Membership.objects.get()
    assert (membership.company.kind, membership.company.company_name) == ("company", "Acme GmbH")
    assert membership.person == Identity.objects.get(kind="user_id").customer
    assert ("external_id", "group:acme") in identities()
    assert Touchpoint.objects.first().properties == {"name": "Acme GmbH", "plan": "x", "groupId": "acme"}


def test_a_browser_tells_little():
    sdk = Sdk.new(kind="browser")
    known = make_customer(given_name="", family_name="", email="anna@example.org")
    Identity.objects.create(customer=known, kind="user_id", value="u1")
    sdk.send(call("identify", traits=TRAITS), call("group", "m2", groupId="acme"))
    known.refresh_from_db()
    assert (known.given_name, known.city) == ("", "")
    assert not Membership.objects.exists()
    assert not Identity.objects.get(kind="phone").is_trusted
    sdk.send(call("identify", "m3", userId="u2", traits={"name": "Bert Schmidt"}))
    assert Customer.objects.filter(given_name="Bert").exists()
