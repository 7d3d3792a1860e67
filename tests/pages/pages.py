"""Every page that the checks in this folder visit. A new page is one line in PAGES."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from surveys.models import Response
from tests.factories import NOW, make_brand
from tests.pages import rows
from tests.surveys.factories import link, make_open_invitation, token
from touchpoints.actions import seed_vocabulary


def nothing() -> Sequence[object]:
    return ()


def a_brand() -> Sequence[object]:
    make_brand()
    return ()


def an_invitation() -> Sequence[object]:
    """To a survey with a question of every kind, in the language of whoever looks."""
    return [token(make_open_invitation())]


def an_unhappy_answer() -> Sequence[object]:
    seed_vocabulary()
    invitation = make_open_invitation()
    Client().post(link(invitation), {"q-satisfaction": "1", "lang": "en"})
    Response.objects.filter(invitation=invitation).update(language="")
    return [token(invitation)]


def an_old_answer() -> Sequence[object]:
    return [token(make_open_invitation(state="answered", answered_at=NOW))]


def a_closed_invitation() -> Sequence[object]:
    return [token(make_open_invitation(sent_at=NOW - timedelta(days=100)))]


def a_mail() -> Sequence[object]:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Wie war es?", "service@shop.example", "anna@kunde.example"
    message.set_content("Guten Tag")
    message.add_alternative("<html lang=de><head><title>Wie war es?</title></head><p>Guten Tag", subtype="html")
    folder = settings.VAR_DIR / "mailbox"
    folder.mkdir(exist_ok=True)
    (folder / "2026-03-02_10-00-00_001.eml").write_bytes(message.as_bytes())
    return ["2026-03-02_10-00-00_001"]


def a_mail_in_the_list() -> Sequence[object]:
    a_mail()
    return ()


@dataclass(frozen=True)
class Page:
    view: str
    """URL name, or a path that begins with a slash."""
    role: Role | None = Role.ADMINISTRATOR
    """Who visits it; None is somebody who is not signed in."""
    at: Callable[[], Sequence[object]] = nothing
    """Makes the rows the page needs, once, and returns the arguments of its URL."""
    query: str = ""
    status: int = 200
    note: str = ""
    """Tells two visits of one page apart, for example `empty`."""

    def __str__(self) -> str:
        return "-".join(part for part in (self.view.strip("/"), self.query, self.note) if part)

    def path(self) -> str:
        arguments = self.at()
        path = self.view if self.view.startswith("/") else reverse(self.view, args=arguments)
        return f"{path}?{self.query}" if self.query else path


PAGES = [
    Page("login", role=None),
    Page("/no/such/page/", role=None, status=404),
    Page("home", role=Role.ADMINISTRATOR, note="empty"),
    Page("home", role=Role.SERVICE_AGENT),
    Page("figures", role=Role.ANALYST),
    Page("mailbox", role=Role.SERVICE_AGENT, note="empty"),
    Page("mailbox", at=a_mail_in_the_list),
    Page("mail", at=a_mail),
    Page("answer", role=None, at=an_invitation, query="score=4"),
    Page("answer_thanks", role=None, at=an_unhappy_answer),
    Page("answer", role=None, at=an_old_answer, note="answered", status=409),
    Page("answer", role=None, at=a_closed_invitation, note="closed", status=410),
    Page("opt-in", role=None, at=rows.a_link_to_opt_in),
    Page("opt-in", role=None, at=rows.a_link_used_to_opt_in, note="confirmed"),
    Page("opt-in", role=None, at=rows.an_old_link_to_opt_in, note="expired", status=410),
    Page("preferences", role=None, at=rows.a_link_to_preferences),
    Page("preferences", role=None, at=rows.a_link_to_preferences_in_a_pause, note="pause"),
    Page("admin:touchpoints_message_proof", at=rows.a_sent_message),
    Page("unsubscribe", role=None, at=rows.a_link_to_unsubscribe),
    Page("unsubscribe", role=None, at=rows.a_link_used_to_unsubscribe, note="done"),
    Page("/unsubscribe/no-such-link/", role=None, status=404),
    Page("customers", role=Role.SERVICE_AGENT, note="empty"),
    Page("cases", role=Role.SERVICE_AGENT, note="empty"),
    Page("customer", role=Role.SERVICE_AGENT, at=rows.a_customer),
    Page("customers", role=Role.SERVICE_AGENT, query="q=mueller"),
    Page("customers", role=Role.SERVICE_AGENT, query="q=nobody"),
    Page("customers", role=Role.SERVICE_AGENT, query="q=muleler", note="similar"),
    Page("customers", role=Role.SERVICE_AGENT, query="q=mx", note="too short"),
    Page("new-case", role=Role.SERVICE_AGENT, at=rows.a_customer),
    Page("case", role=Role.SERVICE_AGENT, at=rows.an_open_case),
    Page("case", role=Role.SERVICE_AGENT, at=rows.a_resolved_case, note="resolved"),
    Page("cases", role=Role.SERVICE_AGENT),
    Page("customer", role=Role.SERVICE_AGENT, at=rows.who_ordered, note="with orders"),
    Page("subject", role=Role.SERVICE_AGENT, at=rows.a_whole_order, note="order"),
    Page("subject", role=Role.SERVICE_AGENT, at=rows.a_whole_subscription, note="subscription"),
    Page("admin:touchpoints_order_change", role=Role.SERVICE_AGENT, at=rows.a_whole_order, note="whole"),
    Page("admin:touchpoints_subscription_change", at=rows.a_whole_subscription, note="whole"),
    Page("customer-imports", role=Role.CUSTOMER_SUCCESS, note="empty"),
    Page("customer-import", role=Role.CUSTOMER_SUCCESS, at=rows.a_file_uploaded),
    Page("customer-import", role=Role.CUSTOMER_SUCCESS, at=rows.a_file_failed, note="failed"),
    Page("customer-import", role=Role.CUSTOMER_SUCCESS, at=rows.a_file_checked, note="checked"),
    Page("customer-import", role=Role.CUSTOMER_SUCCESS, at=rows.a_file_at_work, note="running"),
    Page("customer-import", role=Role.CUSTOMER_SUCCESS, at=rows.a_file_imported, note="done"),
    Page("customer-imports", role=Role.CUSTOMER_SUCCESS, at=rows.imported_files),
    Page("admin:customers_mergesuggestion_change", role=Role.TEAM_LEAD, at=rows.a_suggestion),
    Page("admin:customers_mergesuggestion_change", role=Role.SERVICE_AGENT, at=rows.a_suggestion, note="seen"),
    Page("admin:customers_mergesuggestion_change", at=rows.a_suggestion_kept_apart, note="kept apart"),
    Page(
        "admin:customers_mergesuggestion_change",
        at=rows.a_suggestion_kept_apart_and_merged_elsewhere,
        note="merged elsewhere",
    ),
    Page(
        "admin:customers_mergesuggestion_change",
        at=rows.a_suggestion_merged_and_parted_elsewhere,
        note="parted elsewhere",
    ),
    Page("/s/no-such-link/", role=None, at=a_brand, status=404),
]
