"""Editing a customer's page as a browser does: what was loaded is sent back, with what was typed."""

from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from customers.models import Customer
from tests.factories import make_user


class Form(HTMLParser):
    """What a browser would send of the page's form, as it was loaded."""

    def __init__(self, html: str, *, id: str = "customer_form") -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.select = self.textarea = ""
        self.feed(html[html.index(f'id="{id}"') : html.index("submit-row")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        is_off = given.get("type") in {"radio", "checkbox"} and "checked" not in given
        if tag == "input" and name and not is_off and given.get("type") != "submit":
            self.fields.setdefault(name, []).append(given.get("value") or "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given:
            self.fields.setdefault(self.select, []).append(given.get("value") or "")
        elif tag == "textarea":
            self.textarea = name
            self.fields[name] = [""]

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.fields[self.textarea] = [data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        self.textarea = "" if tag == "textarea" else self.textarea


class Editor:
    def __init__(self, name: str, customer: Customer) -> None:
        self.user = make_user(Role.CUSTOMER_SUCCESS, first_name=name, last_name="")
        self.client = Client(headers={"accept-language": "en"})
        self.client.force_login(self.user)
        self.open(customer)

    def open(self, customer: Customer) -> None:
        self.url = reverse("admin:customers_customer_change", args=[customer.pk])
        self.load()

    def load(self) -> None:
        self.fields = Form(self.client.get(self.url).content.decode()).fields

    def save(self, **typed: str | list[str]) -> HttpResponse:
        self.fields |= {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
        answer = self.client.post(self.url, self.fields)
        if answer.status_code == 200:
            self.fields = Form(answer.content.decode()).fields
        return answer
