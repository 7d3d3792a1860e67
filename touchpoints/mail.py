"""The kinds of mail. A kind says whether a message may go and what it says; the sender does the rest.

Apps register their kinds in `AppConfig.ready()`. Both functions of a kind run inside the claim of a sender,
`may_send` twice, and may read but not write. `settled` runs in the transaction that ends the message.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django.template import Context, Engine
from django.template.loader import get_template
from django.utils import translation

from accounts.models import Brand
from customers.consent import ContactDecision
from customers.models import Customer
from touchpoints.models import Message

STAFF_BASIS = "internal"


@dataclass(frozen=True)
class SendDecision:
    """Made by `of`, `to_staff` or `refused`, never by hand: the gate alone says who may be written to."""

    address: str = ""
    basis: str = ""
    consent_id: int | None = None
    reason: str = ""
    purpose: str = ""

    @classmethod
    def of(cls, contact: ContactDecision) -> Self:
        if not contact.is_allowed:
            return cls.refused(contact.reason, purpose=contact.purpose)
        return cls(contact.address, contact.basis, contact.consent_id, purpose=contact.purpose)

    @classmethod
    def to_staff(cls, address: str) -> Self:
        """Our own colleagues: no consent needed, no customer involved."""
        return cls(address, STAFF_BASIS)

    @classmethod
    def refused(cls, reason: str, *, purpose: str = "") -> Self:
        return cls(reason=reason, purpose=purpose)


@dataclass(frozen=True)
class Mail:
    """What a kind wants to say; sender, imprint and objection note come from the frame (touchpoints.framing)."""

    title: str
    mjml: str
    """Sections (`mj-section …`) of the body."""
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    """Of the touchpoint that is recorded when the mail went, for example `order:1001`."""


def _nothing(_message: Message) -> None:
    return


@dataclass(frozen=True)
class MessageKind:
    key: str
    may_send: Callable[[Message, datetime], SendDecision]
    render: Callable[[Message, str], Mail]
    touchpoint_type: str = "mail_sent"
    settled: Callable[[Message], None] = _nothing
    """Told whenever a sender has moved the message: to sent, suppressed, failed, unknown, or back to queued."""
    is_for_staff: bool = False
    """No customer is involved; all other mails are not sent once the customer is erased."""


class UnknownKindError(LookupError):
    pass


_kinds: dict[str, MessageKind] = {}


def register_kind(kind: MessageKind) -> None:
    _kinds[kind.key] = kind


def kind_of(message: Message) -> MessageKind:
    try:
        return _kinds[message.kind]
    except KeyError:
        raise UnknownKindError(message.kind) from None


def render_mail(
    template: str,
    *,
    title: str,
    context: Mapping[str, Any],
    language: str,
    brand: Brand,
    customer: Customer | None = None,
    headers: Mapping[str, str] | None = None,
    subject: str = "",
) -> Mail:
    """Render `<template>.mjml` and its twin `<template>.txt`; both get brand, customer and salutation as well."""
    with translation.override(language):
        values = {
            "brand": brand,
            "customer": customer,
            "salutation": customer.salutation_line if customer else "",
            "language": language,
            **context,
        }
        return Mail(
            title=" ".join(str(title).split()),
            mjml=get_template(f"{template}.mjml").render(values),
            text=render_text(f"{template}.txt", values),
            headers=headers or {},
            subject=subject,
        )


def render_text(template: str, values: Mapping[str, Any]) -> str:
    """Plain text needs no escaping: “Müller & Söhne” stays as it is."""
    return Engine.get_default().get_template(template).render(Context(dict(values), autoescape=False)).strip()
