import pytest

from accounts.models import Scope
from accounts.roles import Role
from insights.api.shapes import Bucket, Comparison, KpiAnswered
from insights.kpis import KPIS
from tests.factories import make_brand, make_user
from tests.insights.asking import Asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask() -> Asking:
    make_brand()
    return Asking()


def test_it_lists_every_figure_in_both_languages(ask):
    listed = ask()["results"]
    assert [kpi["key"] for kpi in listed] == list(KPIS)
    for kpi in listed:
        assert kpi["version"] >= 1
        assert kpi["name"]["de"]
        assert kpi["definition"]["de"] != kpi["definition"]["en"]


@pytest.mark.parametrize("key", KPIS)
def test_every_figure_answers_on_an_empty_installation(ask, key):
    answer = ask(key)
    assert answer["value"] in (0, None)
    assert answer["n"] == 0
    assert answer["is_too_few"] is (KPIS[key].formula != "total")
    assert {"numerator", "denominator", "interval", "version", "as_of", "period"} <= answer.keys()


@pytest.mark.parametrize("key", [key for key, kpi in KPIS.items() if not kpi.is_cohort_table])
def test_every_figure_has_series_comparison_and_groups(ask, key):
    period = {"from_": "2026-01-01", "to": "2026-03-01"}
    answer = ask(key, **period, granularity="week", compare="previous", breakdown=KPIS[key].dimensions[0])
    assert len(answer["series"]) == 9
    assert answer["comparison"]["period"] == {"from": "2025-11-01", "to": "2026-01-01"}
    assert answer["groups"] == []


@pytest.mark.parametrize(
    ("key", "parameters"),
    [
        ("orders", {"from_": "yesterday"}),
        ("orders", {"from_": "2026-02-01", "to": "2026-02-01"}),
        ("orders", {"from_": "0001-01-01"}),
        ("orders", {"to": "9999-12-31"}),
        ("orders", {"granularity": "fortnight"}),
        ("orders", {"granularity": "day"}),
        ("orders", {"from_": "2000-01-01", "granularity": "day"}),
        ("orders", {"colour": "red"}),
        ("orders", {"channel": "moon"}),
        ("orders", {"activity": "nothing"}),
        ("orders", {"activity": "order_placed,"}),
        ("orders", {"currency": "euro"}),
        ("orders", {"breakdown": "survey"}),
        ("orders", {"days": 5}),
        ("orders", {"place": "a\x00b"}),
        ("orders", {"brand": 999_999}),
        ("orders", {"brand": "1e400"}),
        ("orders", {"brand": "9" * 40}),
        ("orders", {"from_": "2025-02-29"}),
        ("orders", {"source": "😀"}),
        ("orders", {"country": "DEU"}),
        ("churn_inactivity", {"days": "9" * 5000}),
        ("nps", {"currency": "EUR"}),
        ("nps", {"answers": "best"}),
        ("churn_inactivity", {"as_of": "2026-01-01", "to": "2026-01-02"}),
        ("churn_inactivity", {"days": -1}),
        ("cohort_retention", {"month": "x"}),
        ("cohort_retention", {"granularity": "month", "from_": "2026-01-01"}),
    ],
)
def test_it_refuses_what_it_does_not_understand(ask, key, parameters):
    problem = ask(key, status=400, **parameters)
    assert problem["code"] == "invalid"
    assert problem["errors"]


def test_an_unknown_figure_is_not_found(ask):
    assert ask("happiness", status=404)["status"] == 404


def test_a_key_without_the_scope_is_refused():
    make_brand()
    ask = Asking(Scope.CUSTOMERS_READ)
    ask(status=403)
    ask("orders", status=403)


def test_nobody_is_refused(client):
    for path in ("/api/v1/kpis/", "/api/v1/kpis/orders/"):
        response = client.get(path)
        assert response.status_code == 401
        assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ANALYST, 200), (Role.CUSTOMER_SUCCESS, 200), (Role.SERVICE_AGENT, 403)]
)
def test_staff_need_the_permission(client, role, status):
    make_brand()
    client.force_login(make_user(role))
    assert client.get("/api/v1/kpis/orders/").status_code == status


def test_nothing_can_be_written(ask):
    assert ask.client.post("/api/v1/kpis/orders/").status_code in (403, 405)


def test_a_figure_asks_the_database_a_fixed_number_of_times(ask, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        ask("revenue", from_="2025-01-01", to="2026-01-01", granularity="month", compare="previous")


def test_the_documented_shape_is_the_answered_one(ask):
    required = {name for name, field in KpiAnswered().fields.items() if field.required}
    optional = set(KpiAnswered().fields) - required
    answer = ask("revenue", from_="2026-01-01", to="2026-03-01", granularity="month", compare="previous")
    assert required <= answer.keys() <= required | optional
    assert answer["series"][0].keys() == Bucket().fields.keys()
    assert answer["comparison"].keys() == Comparison().fields.keys()
    assert ask("cohort_retention").keys() >= {"cohorts", "weighted_average", "simple_average"}
