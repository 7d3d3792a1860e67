"""The list of suggestions, and the two records side by side."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from customers.actions import decide, merge_customers, undo_merge
from customers.models import Customer, CustomerAccess, Identity, Membership, Merge, MergeSuggestion, Note, Tag
from customers.models.suggestion import Decision
from tests.customers.test_decide import make_suggestion
from tests.factories import make_customer, make_touchpoint, make_user

pytestmark = pytest.mark.django_db


def client_of(*roles: Role, **fields) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(*roles, **fields))
    return client


@pytest.fixture
def lead() -> Client:
    return client_of(Role.TEAM_LEAD, first_name="Ines", last_name="Lang")


def address(suggestion: MergeSuggestion, page: str = "change") -> str:
    return reverse(f"admin:customers_mergesuggestion_{page}", args=[suggestion.pk])


def post(client: Client, suggestion: MergeSuggestion, decision: str, **fields):
    data = {"seen": suggestion.seen, "kept": suggestion.one_id, "decision": decision} | fields
    return client.post(address(suggestion, "decision"), data)


def verdicts(client: Client, suggestion: MergeSuggestion) -> dict[str, str]:
    return {str(line.label): line.verdict for line in client.get(address(suggestion)).context["lines"]}


def test_it_says_of_every_field_whether_the_two_agree(lead):
    one = make_customer(city="Berlin", street="Torstr. 12", postal_code="10115", language="de")
    other = make_customer(
        family_name="Mueller", salutation="", city="berlin", street="Torstraße 12", postal_code="10117"
    )
    Identity.objects.create(customer=one, kind="email", value="a@example.org")
    Identity.objects.create(customer=other, kind="email", value="b@example.org", is_trusted=False)
    make_touchpoint(one, type="call_inbound")
    suggestion = make_suggestion(one=one, other=other, reasons=["name", "phone"], score=0.85)
    assert verdicts(lead, suggestion) == {
        "Kind": "same",
        "Salutation": "single",
        "Given name": "same",
        "Family name": "similar",
        "Street": "similar",
        "Postal code": "different",
        "City": "same",
        "Language": "single",
        "E-mail": "",
        "Touchpoints": "",
        "Last contacts": "",
        "Record since": "",
    }
    page = lead.get(address(suggestion)).content.decode()
    for text in ("Very likely: similar name, same phone.", "Torstraße 12", "b@example.org (unconfirmed)", "similar"):
        assert text in page


def test_it_shows_what_all_records_of_a_person_know(lead):
    one, second, other = make_customer(), make_customer(family_name="Schmidt"), make_customer()
    Identity.objects.create(customer=second, kind="user_id", value="u2")
    merge_customers(kept=one, merged=second, reason="same card")
    lines = {str(it.label): it for it in lead.get(address(make_suggestion(one=one, other=other))).context["lines"]}
    assert lines["User ID"].one == ["u2"]
    assert lines["Merged records"].one == [f"Anna Schmidt ({second.pk})"]


def test_every_line_tells_of_the_whole_person(lead):
    """Of the record that stands for the person, and of what was merged with it."""
    owner = make_user(first_name="Olga", last_name="Ott")
    one = make_customer(city="Berlin", language="de")
    merged = make_customer(
        family_name="Schmidt", city="KIEL", street="Torstr. 12", postal_code="10115", title="Dr.", owner=owner
    )
    other = make_customer(family_name="Schmidt", city="kiel", street="Torstraße 12", postal_code="10115", owner=owner)
    Customer.objects.filter(pk=merged.pk).update(created_at="2020-05-04T10:00:00Z")
    Tag.objects.create(key="vip", name="VIP").customers.add(merged)
    Tag.objects.create(key="early", name="Early").customers.add(one)
    company = make_customer(kind="company", company_name="Muster GmbH", given_name="", family_name="")
    Membership.objects.create(company=company, person=merged, role="purchasing")
    for number in range(4):
        Note.objects.create(customer=merged, text=f"call {number}")
    make_touchpoint(merged, type="call_inbound")
    merge_customers(kept=one, merged=merged, reason="same card")

    page = lead.get(address(make_suggestion(one=one, other=other)))
    lines = {str(it.label): it for it in page.context["lines"]}
    assert (lines["Family name"].one, lines["Family name"].verdict) == (["Müller", "Schmidt"], "same")
    assert (lines["City"].one, lines["City"].verdict) == (["Berlin", "KIEL"], "same")
    assert {name: lines[name].verdict for name in ("Street", "Postal code", "Owner", "Title")} == {
        "Street": "similar", "Postal code": "same", "Owner": "same", "Title": "single"
    }  # fmt: skip
    assert lines["Tags"].one == ["Early", "VIP"]
    assert lines["Companies and members"].one == ["Muster GmbH (purchasing)"]
    assert [line.partition(" · ")[2] for line in lines["Notes"].one] == ["", "call 3", "call 2", "call 1"]
    assert lines["Touchpoints"].one == ["1"]
    assert lines["Record since"].one == ["04/05/2020"]


def test_notes_and_companies_are_shown_to_whom_they_may_concern(lead):
    one = make_customer()
    Note.objects.create(customer=one, text="call")
    suggestion, reader = make_suggestion(one=one), make_user()
    reader.user_permissions.add(Permission.objects.get(codename="view_mergesuggestion"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(reader)
    assert "Notes" not in verdicts(client, suggestion)
    assert "Notes" in verdicts(lead, suggestion)


def test_it_says_what_is_so_now_and_what_to_do(lead):
    suggestion = make_suggestion()
    post(lead, suggestion, "keep_apart")
    merge = merge_customers(kept=suggestion.one, merged=suggestion.other, reason="same card")
    page = lead.get(address(suggestion)).content.decode()
    assert "These two stand for one person." in page
    assert f'<a href="{reverse("admin:customers_merge_change", args=[merge.pk])}">' in page
    assert 'name="decision"' not in page
    taken_back = lead.post(address(suggestion, "undoing"), follow=True).content.decode()
    assert "The two still stand for one person, by a merge made elsewhere" in taken_back


def test_what_was_parted_elsewhere_is_offered_again(lead):
    suggestion = make_suggestion()
    post(lead, suggestion, "merge")
    undo_merge(merge=Merge.objects.get(), by=make_user(first_name="Ada", last_name="Kern"))
    page = lead.get(address(suggestion)).content.decode()
    assert "Ines Lang merged the two on" in page
    assert "Ada Kern undid that merge on" in page
    suggestion.refresh_from_db()
    post(lead, suggestion, "keep_apart")
    suggestion.refresh_from_db()
    assert suggestion.state == "kept_apart"


def test_what_was_erased_meanwhile_is_not_found(lead):
    suggestion = make_suggestion()
    MergeSuggestion.objects.all().delete()
    assert post(lead, suggestion, "merge").status_code == 404


def test_it_is_written_down_whose_data_were_read(lead):
    suggestion = make_suggestion()
    lead.get(address(suggestion))
    read = CustomerAccess.objects.values_list("customer", flat=True)
    assert sorted(read) == [suggestion.one_id, suggestion.other_id]


def test_a_decision_leads_to_the_next_suggestion_and_can_be_taken_back_there(lead):
    suggestion, following = make_suggestion(score=0.9), make_suggestion(score=0.7)
    answer = post(lead, suggestion, "merge", kept=suggestion.other_id)
    assert answer.url == f"{address(following)}?decided={suggestion.pk}"
    assert Merge.objects.standing().get().kept == suggestion.other
    page = lead.get(answer.url)
    assert page.context["just_decided"] == suggestion
    assert address(suggestion, "undoing") in page.content.decode()
    lead.post(address(suggestion, "undoing"))
    suggestion.refresh_from_db()
    assert suggestion.state == "open"
    assert not Merge.objects.standing().exists()


@pytest.mark.parametrize(("decision", "state"), [("keep_apart", "kept_apart"), ("later", "later")])
def test_after_the_last_one_it_shows_what_was_decided(lead, decision, state):
    suggestion = make_suggestion()
    answer = lead.get(post(lead, suggestion, decision).url)
    suggestion.refresh_from_db()
    assert suggestion.state == state
    assert "That was the last suggestion." in answer.content.decode()
    lead.post(address(suggestion, "undoing"))
    suggestion.refresh_from_db()
    assert suggestion.state == "open"


def test_nobody_is_offered_to_take_back_what_somebody_else_decided_just_now(lead):
    suggestion = decide(suggestion=make_suggestion(), decision=Decision.KEEP_APART, by=make_user())
    page = lead.get(address(make_suggestion()), {"decided": suggestion.pk})
    assert page.context["just_decided"] is None
    for pk in ("x", "9" * 40, "-1"):
        assert lead.get(address(suggestion), {"decided": pk}).status_code == 200


def test_who_comes_second_is_told_who_decided_what(lead):
    suggestion = make_suggestion()
    post(lead, suggestion, "keep_apart")
    second = client_of(Role.CUSTOMER_SUCCESS)
    answer = second.post(
        address(suggestion, "decision"), {"seen": "open", "kept": suggestion.one_id, "decision": "merge"}, follow=True
    )
    assert "Somebody was quicker, nothing was done: Ines Lang kept the two apart" in answer.content.decode()
    assert not Merge.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"decision": "burn"}, {"decision": ""}, {"kept": "1x"}, {"kept": "9" * 30}, {"seen": "x y z"}, {"seen": ""}],
)
def test_it_does_nothing_on_what_makes_no_sense(lead, fields):
    suggestion = make_suggestion()
    answer = post(lead, suggestion, **{"decision": "merge"} | fields)
    assert answer.status_code == 302
    suggestion.refresh_from_db()
    assert (suggestion.state, Merge.objects.count()) == ("open", 0)


@pytest.mark.parametrize("role", [Role.SERVICE_AGENT, Role.ANALYST])
def test_only_who_may_decide_does(role):
    suggestion, client = make_suggestion(), client_of(role)
    assert client.get(address(suggestion)).status_code == (200 if role == Role.SERVICE_AGENT else 403)
    assert 'name="decision"' not in client.get(address(suggestion)).content.decode()
    assert post(client, suggestion, "merge").status_code == 403
    assert client.post(address(suggestion)).status_code == 403
    decide(suggestion=suggestion, decision=Decision.LATER)
    assert client.post(address(suggestion, "undoing")).status_code in (403, 404)
    assert not Merge.objects.exists()


def test_a_suggestion_that_is_gone_is_not_found(lead):
    suggestion = make_suggestion()
    MergeSuggestion.objects.all().delete()
    assert lead.get(address(suggestion)).status_code == 404
    assert post(lead, suggestion, "merge").status_code == 404


def test_the_list_shows_what_is_to_be_decided_and_on_demand_what_was(lead):
    url = reverse("admin:customers_mergesuggestion_changelist")
    first, second, third = make_suggestion(score=0.5), make_suggestion(score=0.9), make_suggestion()
    decide(suggestion=third, decision=Decision.KEEP_APART)
    assert list(lead.get(url).context["cl"].result_list) == [second, first]
    assert list(lead.get(url, {"state": "kept_apart"}).context["cl"].result_list) == [third]


def test_the_start_page_counts_what_is_to_be_decided(lead):
    decide(suggestion=make_suggestion(), decision=Decision.LATER)
    make_suggestion()
    make_suggestion()
    assert "2 to decide" in lead.get(reverse("admin:index")).content.decode()


def test_the_page_asks_the_same_few_queries_however_much_they_did(lead, django_assert_max_num_queries):
    suggestion = make_suggestion()
    for _ in range(5):
        make_touchpoint(suggestion.one)
    with django_assert_max_num_queries(50):
        lead.get(address(suggestion))
