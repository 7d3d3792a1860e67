"""Who an event belongs to, without a database: records are numbers, new ones are negative."""

from customers.identity import Identifier
from customers.recognition import Claim, Person, Recognition


def claim(record: int, person: Person, *, is_trusted: bool = True) -> Claim:
    return Claim(record, person, is_trusted=is_trusted, is_record_known=person.is_known)


def known_person() -> Person:
    return Person(is_known=True, is_verified=True)


def recognise(claims: dict[Identifier, Claim], *events: list[Identifier], is_verified: bool = True):
    found = Recognition(claims, is_verified=is_verified)
    return found, [found.record_of(event) for event in events]


USER, OTHER_USER = Identifier("user_id", "1"), Identifier("user_id", "2")
EMAIL, PHONE, CARD = Identifier("email", "a@b.example"), Identifier("phone", "+491"), Identifier("loyalty_card", "9")
DEVICE = Identifier("anonymous_id", "d")


def test_strangers_are_new_customers():
    found, records = recognise({}, [USER, EMAIL], [OTHER_USER], [EMAIL])
    assert records == [-1, -2, -1]
    assert found.new_records == 2
    assert found.known_records() == {-1, -2}


def test_somebody_with_only_a_device_is_anonymous():
    found, records = recognise({}, [DEVICE])
    assert records == [-1]
    assert found.known_records() == set()


def test_an_anonymous_person_becomes_known_at_login():
    found, records = recognise({DEVICE: claim(7, Person())}, [USER, DEVICE])
    assert records == [7]
    assert found.new[USER].record == 7
    assert found.became_known == {7}
    assert found.merges == []


def test_an_anonymous_person_is_merged_into_the_known_one():
    claims = {DEVICE: claim(7, Person()), USER: claim(8, known_person())}
    found, records = recognise(claims, [USER, DEVICE], is_verified=False)
    assert records == [8]
    assert found.merges == [(8, 7, DEVICE)]


def test_a_shared_device_stays_with_who_used_it_first():
    found, records = recognise({DEVICE: claim(7, known_person())}, [OTHER_USER, DEVICE])
    assert records == [-1]
    assert found.merges == []


def test_the_strongest_identifier_decides():
    claims = {USER: claim(7, known_person()), PHONE: claim(8, known_person())}
    found, records = recognise(claims, [PHONE, USER])
    assert records == [7]
    assert found.merges == []


def test_a_server_merges_known_people_on_what_is_unique_to_a_person():
    claims = {USER: claim(7, known_person()), CARD: claim(8, known_person()), EMAIL: claim(9, known_person())}
    found, records = recognise(claims, [USER, CARD, EMAIL])
    assert records == [7]
    assert found.merges == [(7, 8, CARD), (7, 9, EMAIL)]


def test_a_merge_is_found_once():
    claims = {USER: claim(7, known_person()), CARD: claim(8, known_person())}
    found, _records = recognise(claims, [USER, CARD], [USER, CARD])
    assert len(found.merges) == 1


def test_a_browser_merges_no_known_people():
    claims = {USER: claim(7, known_person()), EMAIL: claim(8, known_person())}
    found, records = recognise(claims, [USER, EMAIL], is_verified=False)
    assert records == [7]
    assert found.merges == []
    assert claims[EMAIL].record == 8


def test_what_a_browser_claims_is_not_trusted():
    found, _records = recognise({USER: claim(7, known_person())}, [USER, EMAIL], is_verified=False)
    assert not found.new[EMAIL].is_trusted


def test_a_server_confirms_what_a_browser_claimed():
    browser_only = Person(is_known=True)
    claims = {DEVICE: claim(7, browser_only, is_trusted=False), EMAIL: claim(7, browser_only, is_trusted=False)}
    found, records = recognise(claims, [USER, EMAIL])
    assert records == [7]
    assert found.confirmed.keys() == {EMAIL}


def test_a_claim_of_a_browser_gives_way_to_a_server():
    victim = known_person()
    claims = {USER: claim(7, victim), EMAIL: claim(7, victim, is_trusted=False), OTHER_USER: claim(8, known_person())}
    found, records = recognise(claims, [OTHER_USER, EMAIL])
    assert records == [8]
    assert found.merges == []
    assert found.confirmed[EMAIL].record == 8


def test_it_follows_a_merge_through_the_batch():
    claims = {DEVICE: claim(7, Person()), USER: claim(8, known_person())}
    found, records = recognise(claims, [USER, DEVICE], [DEVICE], [DEVICE, PHONE])
    assert records == [8, 7, 7]
    assert len(found.merges) == 1


def test_the_record_that_gets_an_address_becomes_known_though_its_person_was():
    claims = {DEVICE: Claim(7, known_person(), is_trusted=True)}
    found, records = recognise(claims, [PHONE, DEVICE])
    assert records == [7]
    assert found.became_known == found.touched == {7}


def test_it_tells_which_stored_records_are_to_be_held():
    claims = {DEVICE: claim(7, Person()), USER: claim(8, known_person()), CARD: claim(9, known_person())}
    found, _records = recognise(claims, [USER, DEVICE], [OTHER_USER, CARD])
    assert found.touched == {7, 8}
