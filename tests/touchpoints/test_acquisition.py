import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests.factories import make_user
from tests.touchpoints.ingesting import Sender, event
from touchpoints.acquisition import READY, acquisition_channel
from touchpoints.actions import seed_vocabulary
from touchpoints.models import AcquisitionRule, Touchpoint

SHOP = "https://shop.example/tee"


@pytest.mark.parametrize(
    ("medium", "referrer", "expected"),
    [
        ("cpc", "https://www.google.com/", "paid"),
        (" CPC ", "", "paid"),
        ("email", "", "email"),
        ("organic", "", "organic"),
        ("affiliate", SHOP, "affiliate"),
        ("recommendation", "", "word_of_mouth"),
        ("carrier-pigeon", "", "campaign"),
        ("", "", "campaign"),
        (None, "https://www.google.de/search?q=tee", "organic"),
        (None, "https://duckduckgo.com/", "organic"),
        (None, "https://l.facebook.com/l.php", "social"),
        (None, "https://t.co/abc", "social"),
        (None, "https://blog.example/", "referral"),
        (None, "https://notgoogle.de/", "referral"),
        (None, "https://shop.example/basket", ""),
        (None, "https://www.shop.example/basket", ""),
        (None, "", "direct"),
        (None, "http://[broken", "direct"),
    ],
)
def test_a_visit_comes_from_somewhere(medium, referrer, expected):
    found = acquisition_channel(medium=medium, referrer=referrer, page=SHOP, channel="web", is_visit=True)
    assert found == expected


@pytest.mark.parametrize(
    ("channel", "expected"), [("store", "store"), ("marketplace", "marketplace"), ("web", ""), ("phone", ""), ("", "")]
)
def test_what_is_no_visit_tells_by_its_channel_or_not_at_all(channel, expected):
    assert acquisition_channel(medium=None, referrer="", page="", channel=channel, is_visit=False) == expected


def came_by(sender: Sender, message_id: str, **fields: object) -> str:
    assert sender.send(event(message_id, channel="web", session_id="s", **fields)).status_code == 200
    return Touchpoint.objects.get(message_id=message_id).acquisition_channel


@pytest.mark.django_db
def test_staff_edit_the_rules_and_their_order():
    seed_vocabulary()
    sender = Sender.new()
    from_social = {"campaign": {"medium": "cpc"}, "referrer": "https://www.facebook.com/"}
    assert came_by(sender, "a", **from_social) == "paid"
    AcquisitionRule.objects.filter(acquisition_channel="social").update(position=1)
    assert came_by(sender, "b", **from_social) == "social"
    client = Client()
    client.force_login(make_user(is_superuser=True))
    form = {"acquisition_channel": "influencer", "position": 0, "mediums": "cpc, creator", "hosts": "", "channels": ""}
    assert client.post("/admin/touchpoints/acquisitionrule/add/", form).status_code == 302
    assert came_by(sender, "c", **from_social) == "influencer"
    AcquisitionRule.objects.exclude(acquisition_channel="influencer").delete()
    assert came_by(sender, "d", referrer="https://www.facebook.com/") == "referral"
    assert Touchpoint.objects.get(message_id="a").acquisition_channel == "paid"


@pytest.mark.django_db
def test_without_any_rule_the_ready_ones_hold():
    seed_vocabulary()
    assert AcquisitionRule.objects.count() == len(READY)
    AcquisitionRule.objects.all().delete()
    assert came_by(Sender.new(), "a", campaign={"medium": "cpc"}) == "paid"


@pytest.mark.django_db
@pytest.mark.parametrize("words", [{}, {"mediums": ["CPC"]}, {"hosts": ["a b"]}, {"acquisition_channel": "Über"}])
def test_a_rule_that_could_never_fit_is_refused(words):
    with pytest.raises(ValidationError):
        AcquisitionRule(**{"acquisition_channel": "paid"} | words).full_clean()
