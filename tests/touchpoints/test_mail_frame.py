"""What every mail carries, whatever its kind wants."""

import re

import pytest

from accounts.models import Brand
from tests.factories import make_brand, make_customer
from touchpoints.framing import Framed, frame
from touchpoints.mail import Mail, render_mail

pytestmark = pytest.mark.django_db
LINK = "https://kundenpfad.example/unsubscribe/7~abc/"
MAIL = Mail(
    title="Wie war es?", mjml="<mj-section><mj-column><mj-text>Hallo</mj-text></mj-column></mj-section>", text="Hallo"
)


@pytest.fixture
def brand() -> Brand:
    return make_brand()


def framed(brand: Brand, *, purpose: str = "survey", language: str = "de", mail: Mail = MAIL) -> Framed:
    return frame(mail, brand=brand, language=language, purpose=purpose, unsubscribe_url=LINK)


@pytest.mark.parametrize("purpose", ["survey", "review", "marketing", "service"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_it_names_sender_imprint_privacy_and_objection(brand: Brand, purpose: str, language: str) -> None:
    for part in framed(brand, purpose=purpose, language=language):
        for needed in ("Musterladen GmbH", "Musterweg 1", brand.imprint_url, brand.privacy_url, brand.sender_email):
            assert needed in part
        assert ("widersprechen" if language == "de" else "object") in part
        assert (LINK in part) == (purpose != "service")


def test_it_frames_no_advertising_without_a_link_to_object(brand: Brand) -> None:
    with pytest.raises(ValueError, match="object"):
        frame(MAIL, brand=brand, language="de", purpose="survey")


def test_it_loads_nothing_from_elsewhere(brand: Brand) -> None:
    html = framed(brand).html

    assert not re.findall(r"<(?:img|link|script|iframe|object)\b|@import|url\(", html)
    assert set(re.findall(r'(?:src|background|poster)="', html)) == set()


@pytest.mark.parametrize(("accent", "text"), [("#1f5f8b", "#ffffff"), ("#ffd400", "#000000")])
def test_it_writes_readably_on_buttons_in_the_colour_of_the_brand(brand: Brand, accent: str, text: str) -> None:
    brand.accent_colour = accent
    button = Mail("T", "<mj-section><mj-column><mj-button href='#'>B</mj-button></mj-column></mj-section>", "B")
    html = framed(brand, mail=button).html

    assert re.search(rf"<a [^>]*background: ?{accent}[^>]*color: ?{text}", html)


def test_it_is_readable_in_the_dark_and_by_screen_readers(brand: Brand) -> None:
    html = framed(brand, language="en").html

    assert "prefers-color-scheme: dark" in html
    assert '<html lang="en"' in html
    assert 'role="presentation"' in html


def test_it_renders_both_parts_with_salutation_and_plain_link() -> None:
    customer = make_customer(given_name="Jo", family_name="Müller & <b>", title="Dr.")
    mail = render_mail(
        "mail/notice",
        title="Ihre\nBestellung",
        context={"body": "1 < 2\nEnde", "url": "https://x.example/?a=1&b=2", "label": "Öffnen"},
        language="de",
        brand=make_brand(),
        customer=customer,
    )
    html, text = framed(make_brand(), mail=mail)

    assert mail.title == "Ihre Bestellung"
    assert "Guten Tag Frau Dr. Müller &amp; &lt;b&gt;" in html
    assert "Guten Tag Frau Dr. Müller & <b>" in text
    assert "1 &lt; 2<br>Ende" in html
    assert "1 < 2\nEnde" in text
    assert text.count("https://x.example/?a=1&b=2") == 1
    assert html.count('href="https://x.example/?a=1&amp;b=2"') == 2
    assert ">https://x.example/?a=1&amp;b=2</a>" in html
