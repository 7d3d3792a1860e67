"""Two people edit one customer: the second is told what changed, by whom, and loses nothing typed."""

import re

import pytest
from django.http import HttpResponse

from customers.models import Customer, Identity, Note, Tag
from tests.customers.editing import Editor
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Customer:
    return make_customer(city="Berlin", street="Altweg 1", postal_code="10115")


@pytest.fixture
def first(anna: Customer) -> Editor:
    return Editor("Clara", anna)


@pytest.fixture
def second(anna: Customer) -> Editor:
    return Editor("Tarik", anna)


def told(answer: HttpResponse) -> dict[str, tuple[str, str, str, str, str]]:
    assert answer.status_code == 200
    return {it.name: (it.before, it.now, it.mine, it.chosen, it.by) for it in answer.context["conflicts"]}


def test_who_edits_alone_notices_nothing(first: Editor, anna: Customer) -> None:
    assert first.save(city="Hamburg").status_code == 302
    anna.refresh_from_db()
    assert anna.city == "Hamburg"


def test_the_second_is_told_what_changed_and_keeps_what_they_typed(
    first: Editor, second: Editor, anna: Customer
) -> None:
    first.save(city="Hamburg")
    answer = second.save(city="Bremen", family_name="Meier")

    assert told(answer) == {"city": ("Berlin", "Hamburg", "Bremen", "", "Clara")}
    html = answer.content.decode()
    assert re.search(r'name="city" value="Bremen"', html)
    assert re.search(r'name="family_name" value="Meier"', html)
    assert "Clara changed this on" in html
    anna.refresh_from_db()
    assert (anna.city, anna.family_name) == ("Hamburg", "Müller")


@pytest.mark.parametrize(("choice", "city"), [("mine", "Bremen"), ("theirs", "Hamburg")])
def test_the_choice_is_saved_with_everything_else_typed(
    first: Editor, second: Editor, anna: Customer, choice: str, city: str
) -> None:
    first.save(city="Hamburg")
    second.save(city="Bremen", family_name="Meier")
    assert second.save(**{"choice-city": choice}).status_code == 302

    anna.refresh_from_db()
    assert (anna.city, anna.family_name) == (city, "Meier")


def test_without_a_choice_it_asks_again(first: Editor, second: Editor, anna: Customer) -> None:
    first.save(city="Hamburg")
    second.save(city="Bremen")
    assert told(second.save())["city"][2:4] == ("Bremen", "")
    anna.refresh_from_db()
    assert anna.city == "Hamburg"


def test_what_the_second_did_not_touch_is_left_to_the_first(first: Editor, second: Editor, anna: Customer) -> None:
    first.save(street="Neuweg 2", postal_code="20095")
    answer = second.save(city="Bremen")
    assert {name: it[3] for name, it in told(answer).items()} == {"street": "theirs", "postal_code": "theirs"}

    assert second.save().status_code == 302
    anna.refresh_from_db()
    assert (anna.street, anna.postal_code, anna.city) == ("Neuweg 2", "20095", "Bremen")


def test_a_third_change_in_between_is_shown_before_anything_is_saved(
    first: Editor, second: Editor, anna: Customer
) -> None:
    first.save(city="Hamburg")
    second.save(city="Bremen")
    first.load()
    first.save(city="Kiel", street="Neuweg 2")
    answer = second.save(**{"choice-city": "theirs"})

    assert {name: it[1] for name, it in told(answer).items()} == {"city": "Kiel", "street": "Neuweg 2"}
    assert second.save().status_code == 302
    anna.refresh_from_db()
    assert (anna.city, anna.street) == ("Kiel", "Neuweg 2")


def test_the_same_change_twice_is_no_conflict(first: Editor, second: Editor, anna: Customer) -> None:
    first.save(city="Hamburg")
    assert second.save(city="Hamburg", street="Neuweg 2").status_code == 302
    anna.refresh_from_db()
    assert anna.street == "Neuweg 2"


def test_what_no_field_shows_disturbs_nobody(second: Editor, anna: Customer) -> None:
    Identity.objects.create(customer=anna, kind="phone", value="+49301234567")
    Customer.objects.filter(pk=anna.pk).update(is_known=False)
    assert second.save(city="Bremen").status_code == 302


def test_owner_and_tags_are_told_by_their_names(first: Editor, second: Editor, anna: Customer) -> None:
    old, new, mine = (Tag.objects.create(key=name, name=name.title()) for name in ("old", "new", "mine"))
    anna.tags.add(old)
    second.load()
    first.load()
    first.save(tags=[str(new.pk)], owner=str(first.user.pk), language="en")
    answer = second.save(tags=[str(old.pk), str(mine.pk)], owner=str(second.user.pk), language="de")

    assert told(answer) == {
        "owner": ("empty", "Clara", "Tarik", "", "Clara"),
        "tags": ("Old", "New", "Mine, Old", "", "Clara"),
        "language": ("empty", "English", "German", "", "Clara"),
    }
    second.save(**{"choice-owner": "mine", "choice-tags": "theirs", "choice-language": "mine"})
    anna.refresh_from_db()
    assert (anna.owner, [tag.name for tag in anna.tags.all()], anna.language) == (second.user, ["New"], "de")


def test_an_empty_list_of_tags_is_carried_too(first: Editor, second: Editor, anna: Customer) -> None:
    new, mine = (Tag.objects.create(key=name, name=name.title()) for name in ("new", "mine"))
    first.save(tags=[str(new.pk)])
    for _again in range(2):
        assert told(second.save(tags=[str(mine.pk)]))["tags"] == ("empty", "New", "Mine", "", "Clara")


def test_rows_typed_below_survive_as_well(first: Editor, second: Editor, anna: Customer) -> None:
    first.save(city="Hamburg")
    note = {"notes-0-text": "Calls in the morning", "notes-TOTAL_FORMS": "1"}
    card = {"identities-0-kind": "loyalty_card", "identities-0-value": "77", "identities-TOTAL_FORMS": "1"}
    answer = second.save(city="Bremen", **note, **card)
    assert "Calls in the morning" in answer.content.decode()
    assert not Note.objects.exists()

    assert second.save(**{"choice-city": "theirs"}).status_code == 302
    note_kept, card_kept = Note.objects.get(), Identity.objects.get()
    assert (note_kept.text, note_kept.author, card_kept.value) == ("Calls in the morning", second.user, "77")


def test_other_mistakes_are_told_along(first: Editor, second: Editor, anna: Customer) -> None:
    first.save(city="Hamburg")
    answer = second.save(city="Bremen", time_zone="Mars/Base")
    assert set(told(answer)) == {"city"}
    assert "time_zone" in answer.context["adminform"].form.errors
    assert told(second.save(**{"choice-city": "mine"}))["city"][3] == "mine"

    assert second.save(time_zone="").status_code == 302
    anna.refresh_from_db()
    assert anna.city == "Bremen"


def test_a_bulk_write_in_between_is_told_without_a_name(second: Editor, anna: Customer) -> None:
    Customer.objects.filter(pk=anna.pk).update(city="Hamburg")
    assert told(second.save(city="Bremen"))["city"] == ("Berlin", "Hamburg", "Bremen", "", "")
