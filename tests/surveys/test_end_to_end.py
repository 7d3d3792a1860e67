"""Issue to answer, with nothing pretended: HTTP in, worker and beat, SMTP, the link of the mail in a browser."""

import json
import re
import time
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.actions import issue_api_key
from accounts.models import Scope
from accounts.roles import Role
from customers.actions import record_consent
from customers.models import Customer
from surveys.actions import activate_campaign
from surveys.models import Campaign, Response
from tests.factories import how_it_ended, make_brand, make_user, make_write_key
from touchpoints.actions.cases import open_case, resolve_case
from touchpoints.models import Touchpoint

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINK = re.compile(r"https?://[^/\s]+(/s/[^\s]+)")
PHONE = {"width": 375, "height": 700}


class Shop:
    """Posts what happens, as an integration does."""

    def __init__(self, url: str) -> None:
        self.url, self.key, self.count = url, make_write_key(), 0

    def tell(self, type: str, email: str, subject: str) -> Customer:
        self.count += 1
        event = {
            "message_id": f"m{self.count}",
            "type": type,
            "customer": {"email": email},
            "occurred_at": datetime.now(UTC).isoformat(),
            "subject": subject,
        }
        request = Request(  # noqa: S310
            f"{self.url}/api/v1/touchpoints/batch",
            data=json.dumps({"touchpoints": [event]}).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        with urlopen(request) as answer:  # noqa: S310
            assert answer.status == 200
        return Customer.objects.get(identities__value=email)


@pytest.fixture
def campaigns():
    make_brand()
    for command in ("seed_vocabulary", "seed_surveys"):
        call_command(command)
    # Now instead of in seven days, at whatever hour this test runs.
    Campaign.objects.update(delay_minutes=0, window_from_hour=0, window_to_hour=24, is_weekdays_only=False)
    for campaign in Campaign.objects.all():
        activate_campaign(campaign=campaign)


def test_both_scenarios_lead_to_answers(
    campaigns, browser: Browser, page: Page, live_server, smtp_sink, celery_worker_and_beat
):
    shop = Shop(live_server.url)
    for number, (email, language) in enumerate([("anna@example.org", "de"), ("ben@example.org", "en")]):
        customer = shop.tell("order_placed", email, f"order:{number}")
        Customer.objects.filter(pk=customer.pk).update(language=language)
        record_consent(customer=customer, brand=make_brand(), purpose="review", address=email, origin="checkout")
        shop.tell("order_delivered", email, f"order:{number}")
    customer = shop.tell("product_problem", "cem@example.org", "")
    record_consent(customer=customer, brand=make_brand(), purpose="survey", address="cem@example.org", origin="phone")
    case = open_case(customer=customer, by=None, title="Kanne undicht")
    resolve_case(case=case, by=None, **how_it_ended())

    links = wait_for_links(smtp_sink, count=3)
    answer_on_a_phone_in_german(page, links["anna@example.org"])
    answer_by_keyboard_in_english(page, links["ben@example.org"])
    answer_without_scripts(browser, live_server.url, links["cem@example.org"])

    told = Touchpoint.objects.filter(type__key__in=["review_submitted", "survey_answered"])
    assert sorted(told.values_list("customer__identities__value", "type__key", "subject", "valence")) == [
        ("anna@example.org", "review_submitted", "order:0", 2),
        ("ben@example.org", "review_submitted", "order:1", 1),
        ("cem@example.org", "survey_answered", case.subject, -2),
    ]
    assert Response.objects.finished().count() == 3
    assert Touchpoint.objects.filter(type__key="survey_invited").count() == 3
    figures_count_the_answers(live_server.url)
    staff_see_the_answers(browser, live_server.url, told.get(customer__identities__value="anna@example.org").customer)


def figures_count_the_answers(url: str) -> None:
    _api_key, key = issue_api_key(name="Figures", scopes=[Scope.KPIS_READ])

    def asked(kpi: str) -> dict[str, Any]:
        request = Request(f"{url}/api/v1/kpis/{kpi}/", headers={"Authorization": f"Bearer {key}"})  # noqa: S310
        with urlopen(request) as answer:  # noqa: S310
            return dict(json.load(answer))

    response_rate = asked("response_rate")
    assert (response_rate["numerator"], response_rate["denominator"], response_rate["value"]) == (3, 3, 100)
    csat = asked("csat")
    assert (csat["numerator"], csat["n"]) == (0, 1)


def staff_see_the_answers(browser: Browser, url: str, customer: Customer) -> None:
    client = Client()
    client.force_login(make_user(Role.ADMINISTRATOR, language="en"))
    context = browser.new_context(base_url=url, locale="en")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
    page = context.new_page()
    page.goto(reverse("customer", args=[customer.pk]))
    expect(page.get_by_role("heading", name="Last answers")).to_be_visible()
    expect(page.get_by_text("Schöne Kanne & schnell da").first).to_be_visible()
    expect(page.locator("#timeline").get_by_text("Review submitted")).to_be_visible()
    response = Response.objects.get(customer=customer)
    page.goto(reverse("admin:surveys_response_change", args=[response.pk]))
    expect(page.get_by_text("Schöne Kanne & schnell da").first).to_be_visible()
    context.close()


def wait_for_links(smtp_sink, *, count: int) -> dict[str, str]:
    """Recipient to the path of the page; a score is chosen by its own link."""
    end = time.monotonic() + 60
    while len(smtp_sink.envelopes) < count:
        assert time.monotonic() < end, f"only {smtp_sink.recipients()}"
        time.sleep(0.2)
    found = {}
    for mail in smtp_sink.messages:
        text = mail.get_body(("plain",)).get_content()
        found[mail["To"]] = LINK.findall(text)[-1]
    return found


def answer_on_a_phone_in_german(page: Page, link: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{link}?score=5")
    expect(page.get_by_role("radio", name="5 Sterne")).to_be_checked()
    page.get_by_role("textbox").fill("Schöne Kanne & schnell da")
    page.get_by_role("button", name="Antworten senden").last.click()
    expect(page.get_by_role("heading", name="Danke für Ihre Antworten")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def answer_by_keyboard_in_english(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", name="Product review")).to_be_visible()
    tab_to(page, "q-stars")
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    tab_to(page, "q-review")
    page.keyboard.type("Good")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you for your answers")).to_be_visible()


def tab_to(page: Page, name: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    pytest.fail(f"The keyboard never reaches {name}.")


def answer_without_scripts(browser: Browser, url: str, link: str) -> None:
    context = browser.new_context(base_url=url, java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Antworten senden").last.click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte wählen Sie eine Antwort aus.")
    page.get_by_role("radio", name="sehr schlecht").check(force=True)
    page.get_by_role("textbox").fill("Zweimal angerufen")
    page.get_by_role("button", name="Antworten senden").last.click()
    expect(page.get_by_role("heading", name="Danke für Ihre offenen Worte")).to_be_visible()
    page.get_by_label("Ihre Telefonnummer").fill("030 1234567")
    page.get_by_role("button", name="Bitte rufen Sie mich zurück").click()
    expect(page.get_by_text("Wir rufen Sie zurück.")).to_be_visible()
    context.close()
