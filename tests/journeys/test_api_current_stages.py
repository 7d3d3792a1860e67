import pytest

from accounts.models import Scope
from journeys.models import Journey, JourneyVersion, Run, Stage
from tests.factories import NOW, make_customer
from tests.problems import assert_problem
from tests.reading import Reader

pytestmark = pytest.mark.django_db


def test_it_tells_where_a_customer_stands_now():
    customer = make_customer()
    journey = Journey.objects.create(key="online-purchase", label_de="Online-Einkauf")
    version = JourneyVersion.objects.create(journey=journey, state="published", published_at=NOW)
    retired = JourneyVersion.objects.create(journey=journey, number=2, state="retired", published_at=NOW)
    stages = {
        it: Stage.objects.create(version=it, key="delivery", label_de="Lieferung", phase="purchase", position=1)
        for it in (version, retired)
    }
    times = {"started_at": NOW, "last_at": NOW}
    run = Run.objects.create(
        version=version, customer=customer, subject="order:1", current_stage=stages[version], **times
    )
    Run.objects.create(version=retired, customer=customer, current_stage=stages[retired], **times)
    Run.objects.create(version=version, customer=customer, ended_at=NOW, end_reason="end_rule", **times)
    Run.objects.create(version=version, customer=make_customer(), current_stage=stages[version], **times)
    assert Reader(Scope.JOURNEYS_READ).rows(f"customers/{customer.pk}/current-stages/") == [
        {
            "run": run.pk,
            "journey": "online-purchase",
            "subject": "order:1",
            "stage": "delivery",
            "phase": "purchase",
            "started_at": "2026-03-02T10:00:00Z",
            "last_at": "2026-03-02T10:00:00Z",
        }
    ]


def test_a_stranger_is_404():
    assert_problem(Reader(Scope.JOURNEYS_READ).get("customers/7/current-stages/"), 404, "not_found")
    assert_problem(Reader(Scope.JOURNEYS_READ).get("customers/abc/current-stages/"), 404, "not_found")
