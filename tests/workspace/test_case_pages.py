import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.factories import make_customer, make_user
from touchpoints.actions import seed_vocabulary
from touchpoints.actions.cases import open_case
from touchpoints.models import Case, CaseReason

ENDED = {"root_cause": "worn_part", "resolution": "replaced"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    seed_vocabulary()
    user = make_user(Role.SERVICE_AGENT)
    client.force_login(user)
    return user


@pytest.fixture
def case(agent):
    return open_case(customer=make_customer(), by=agent, title="Machine drips")


def resolve(client, case, **fields):
    ids = {name: CaseReason.objects.get(key=key).pk for name, key in ENDED.items()}
    defaults = ids | {"note": "Seal replaced"}
    return client.post(reverse("case-resolution", args=[case.pk]), defaults | fields)


def test_opening_a_case_makes_oneself_the_owner(client, agent):
    url = reverse("new-case", args=[make_customer().pk])
    answer = client.post(url, {"title": "Drips", "kind": "complaint", "priority": 3, "description": "All over"})
    case = Case.objects.get()
    assert answer.url == reverse("case", args=[case.pk])
    assert (case.owner, case.kind, case.priority) == (agent, "complaint", 3)


def test_a_case_without_title_is_refused(client, agent):
    answer = client.post(reverse("new-case", args=[make_customer().pk]), {"kind": "question", "priority": 2})
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_resolving_shows_how(client, agent, case):
    assert resolve(client, case).status_code == 302
    html = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "Worn part" in html
    assert "Seal replaced" in html
    assert "Open again" in html


def test_resolving_without_a_cause_is_refused(client, agent, case):
    answer = resolve(client, case, root_cause="")
    assert answer.status_code == 422
    assert "Seal replaced" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "open"


def test_resolving_what_is_resolved_is_refused(client, agent, case):
    resolve(client, case)
    assert resolve(client, case, root_cause=CaseReason.objects.get(key="defect").pk).status_code == 422
    case.refresh_from_db()
    assert case.root_cause.key == "worn_part"


def test_opening_again_puts_it_back_on_the_list(client, agent, case):
    resolve(client, case)
    assert "Machine drips" not in client.get(reverse("cases")).content.decode()
    client.post(reverse("case-reopening", args=[case.pk]))
    assert "Machine drips" in client.get(reverse("cases")).content.decode()


def test_taking_a_case_moves_it_to_mine(client, case):
    client.force_login(make_user(Role.SERVICE_AGENT))
    assert "Machine drips" not in client.get(reverse("cases"), {"whose": "mine"}).content.decode()
    client.post(reverse("case-ownership", args=[case.pk]))
    assert "Machine drips" in client.get(reverse("cases"), {"whose": "mine"}).content.decode()


def test_an_analyst_sees_no_cases(client, case):
    client.force_login(make_user(Role.ANALYST))
    assert client.get(reverse("cases")).status_code == 403
    assert resolve(client, case).status_code == 403
