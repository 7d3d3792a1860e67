import pytest

from touchpoints.acquisition import acquisition_channel

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
