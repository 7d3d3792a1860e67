"""What staff say a type means counts in figures and segments from the next look on, and no longer once taken back."""

from datetime import datetime

import pytest
from django.utils import timezone

from customers.models import Segment
from customers.segments.membership import members
from tests.factories import make_customer, make_touchpoint, make_type
from tests.insights.asking import Asking
from touchpoints.actions import seed_vocabulary
from touchpoints.actions.vocabulary import merge_type, undo_type_merge
from touchpoints.models import TouchpointType

pytestmark = pytest.mark.django_db
RULES = {"and": [{"condition": "touchpoints", "with": {"type": "order_placed", "bound": "at_least", "number": 1}}]}


def test_figures_and_segments_follow_a_merge_there_and_back():
    seed_vocabulary()
    bought = make_type("Kauf abgeschlossen", state="new")
    fields = {"occurred_at": datetime(2026, 1, 10, 12, tzinfo=timezone.get_current_timezone())}
    make_touchpoint(
        make_customer(), type=bought.key, subject="order:7", value="49.90", currency="EUR", **fields
    )  # fmt: skip
    segment = Segment.objects.create(name="Buyers", rules=RULES)
    ask = Asking()

    def told():
        figure = ask("orders", from_="2026-01-01", to="2026-02-01")
        return float(figure["value"] or 0), members(segment, now=timezone.now()).count()

    assert told() == (0, 0)
    merge_type(type=bought, into=TouchpointType.objects.get(key="order_placed"))
    assert told() == (1, 1)
    undo_type_merge(type=bought)
    assert told() == (0, 0)
