"""Whatever is answered 200 can be looked at: in the API, in lists and pages, in the CSV export."""

import json
from typing import Any

import pytest

from accounts.models import Scope
from tests.reading import Reader
from tests.touchpoints.ingesting import Sender, event
from tests.touchpoints.looking import assert_all_can_be_looked_at
from tests.touchpoints.sdk_sending import Sdk, assert_taken, call, track
from touchpoints.actions import seed_vocabulary
from touchpoints.feed import catch_up
from touchpoints.models import RejectedTouchpoint, Subject, Touchpoint

pytestmark = pytest.mark.django_db
# A bidi override, a zero-width space, several people in one character, markup, a formula, quotes, a control character.
NASTY = "=cmd|'/c'!A1 \u202e\u200b👩\u200d👧 <script>alert(1)</script> \"';--\x1b\ufeff\U0010ffff"
DEEP: Any = json.loads('{"a":' * 17 + "1" + "}" * 17)


def nasty_events() -> list[dict[str, Any]]:
    return [
        event(
            NASTY[:100], type=NASTY[:80], customer={"user_id": f"u{NASTY[:60]}".replace("\x1b", "")},
            subject=f"order:{NASTY[:60]}".replace("\x1b", ""), value="999999999999.99", currency="XXX",
            session_id=NASTY[:100], referrer=NASTY, place=NASTY, properties={NASTY: NASTY, "deep": DEEP},
            campaign=dict.fromkeys(("source", "medium", "name", "term", "content"), NASTY),
        ),
        event("oldest", occurred_at="1970-01-01T14:00:00+14:00", valence=-2),
        event("numbers", properties={"large": 10**16, "tiny": 5e-324, "huge": 1.7e308, "none": None, "": [[], {}]}),
        event("order", type="order_placed", subject="order:1", value="-0.005", properties={"lines": NASTY}),
        event("lines", type="order_placed", subject="order:2", properties={"lines": [None, 7, {"sku": [NASTY]}, []]}),
        event("anonymous", customer={"anonymous_id": "a" * 250}, referrer="http://[broken", properties={"url": "//["}),
        event("retracted", type="", replaces="oldest"),
    ]  # fmt: skip


def nasty_calls() -> list[dict[str, Any]]:
    traits = {
        "firstName": NASTY, "lastName": NASTY, "email": "müller@bücher.example", "phone": NASTY, "language": NASTY,
        "company": {"name": NASTY}, "address": {"street": NASTY, "country": NASTY},
    }  # fmt: skip
    return [
        call("identify", "i", traits=traits),
        call("group", "g", groupId=NASTY.replace("\x1b", ""), traits={"name": NASTY}),
        call("alias", "a", previousId="before"),
        call("page", "p", name=NASTY, category=NASTY, properties={"url": NASTY, "referrer": NASTY}),
        call("screen", "s", name=NASTY),
        track(NASTY, "t", properties={"products": [None, {"sku": NASTY}], "value": NASTY, NASTY: DEEP["a"]["a"]}),
        track("Order Completed", "o", properties={"order_id": NASTY.replace("\x1b", ""), "total": 1e-7, "products": 7}),
    ]


def test_every_row_that_was_taken_can_be_looked_at():
    seed_vocabulary()
    assert {status for status, _code in Sender.new().items(*nasty_events())} == {"created"}
    assert_taken(Sdk.new().send(*nasty_calls()))
    refused = {it.message_id: it.code for it in RejectedTouchpoint.objects.all()}
    assert set(refused) <= {"o"}, refused
    catch_up()
    assert Touchpoint.objects.count() + len(refused) == len(nasty_events()) + len(nasty_calls())
    assert Subject.objects.count() >= 3
    assert_all_can_be_looked_at()
    stored = Touchpoint.objects.get(message_id=NASTY[:100])
    shown = Reader(*Scope.values).get(f"touchpoints/{stored.pk}/").json()
    assert (shown["place"], shown["properties"][NASTY]) == (NASTY, NASTY)
