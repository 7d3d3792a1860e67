import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.customers.editing import Form
from tests.factories import make_customer, make_user
from touchpoints.actions import seed_vocabulary
from touchpoints.actions.cases import change_case, open_case
from touchpoints.models import BusinessHours, Case, CaseReason, Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    seed_vocabulary()
    user = make_user(Role.CUSTOMER_SUCCESS)
    client.force_login(user)
    return user


@pytest.fixture
def case(lead):
    return open_case(customer=make_customer(), by=lead, title="Machine drips")


def page(case, name="change"):
    return reverse(f"admin:touchpoints_case_{name}", args=[case.pk])


def typed(client, case):
    """The fields as the page sends them when nothing was changed, with what it was loaded with."""
    return Form(client.get(page(case)).content.decode(), id="case_form").fields


def story(case):
    return list(Touchpoint.objects.filter(subject=case.subject).order_by("id").values_list("type__key", flat=True))


def test_a_change_on_the_page_is_a_touchpoint_and_moves_the_due_time(client, lead, case):
    before = case.due_at
    answer = client.post(page(case), typed(client, case) | {"priority": 4, "owner": lead.pk})
    assert answer.status_code == 302, answer.context["errors"]
    case.refresh_from_db()
    assert (case.priority, case.owner) == (4, lead)
    assert case.due_at < before
    assert story(case) == ["case_opened", "case_assigned", "case_changed"]


def test_saving_without_a_change_tells_nothing(client, case):
    assert client.post(page(case), typed(client, case)).status_code == 302
    assert story(case) == ["case_opened"]


def test_two_people_on_one_case_are_told_of_each_other(client, lead, case):
    loaded = typed(client, case)
    change_case(case=case, by=lead, title="Machine leaks")
    answer = client.post(page(case), loaded | {"title": "Machine is wet"})
    assert answer.status_code == 200
    assert "Machine leaks" in answer.content.decode()
    case.refresh_from_db()
    assert case.title == "Machine leaks"


def test_a_comment_and_a_link_are_added_on_the_page(client, lead, case):
    added = {"comments-TOTAL_FORMS": 1, "comments-0-text": "She called again", "comments-0-case": case.pk}
    added |= {"links-TOTAL_FORMS": 1, "links-0-subject": "order:1001", "links-0-case": case.pk}
    assert client.post(page(case), typed(client, case) | added).status_code == 302
    assert case.comments.get().author == lead
    assert case.links.get().subject == "order:1001"
    assert story(case) == ["case_opened", "case_commented", "case_linked"]


def test_the_buttons_lead_it_to_its_end(client, case):
    client.post(page(case, "waiting"))
    client.post(page(case, "continuation"))
    ended = {"root_cause": CaseReason.objects.get(key="worn_part").pk, "resolution": ""}
    assert client.post(page(case, "resolution"), ended).status_code == 422
    ended["resolution"] = CaseReason.objects.get(key="repaired").pk
    assert client.post(page(case, "resolution"), ended).status_code == 302
    client.post(page(case, "closure"))
    client.post(page(case, "reopening"))
    assert Case.objects.get().state == "open"
    told = ["case_opened", "case_waiting", "case_resumed", "case_resolved", "case_closed", "case_reopened"]
    assert story(case) == told


def test_business_hours_offer_the_laender_by_name_and_say_when_things_are_due(client, lead):
    hours = BusinessHours.objects.get()
    url = reverse("admin:touchpoints_businesshours_change", args=[hours.pk])
    html = client.get(url).content.decode()
    assert '<option value="NW">Nordrhein-Westfalen</option>' in html
    assert "urgent:" in html


def test_an_agent_sees_reasons_but_does_not_curate_them(client, lead):
    client.force_login(make_user(Role.SERVICE_AGENT))
    change = reverse("admin:touchpoints_casereason_change", args=[CaseReason.objects.first().pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"label_de": "Anders"}).status_code == 403
    assert client.get(reverse("admin:touchpoints_businesshours_changelist")).status_code == 403
