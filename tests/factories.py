"""Plain functions that make the rows a test is about; every argument has a sensible default."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.actions import issue_api_key
from accounts.models import Brand, Scope, User
from accounts.roles import Role
from customers.models import Consent, Customer, Identity
from touchpoints.models import CaseReason, Channel, Source, Touchpoint, TouchpointType, WriteKey

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def make_brand(**fields: Any) -> Brand:
    existing = Brand.objects.filter(is_default=True).first()
    if existing and not fields:
        return existing
    number = next(_numbers)
    defaults = {
        "name": f"Brand {number}",
        "legal_name": "Musterladen GmbH",
        "postal_address": "Musterweg 1, 10115 Berlin",
        "imprint_url": "https://shop.example/impressum",
        "privacy_url": "https://shop.example/datenschutz",
        "sender_name": "Musterladen",
        "sender_email": "service@shop.example",
        "is_default": existing is None,
    }
    return Brand.objects.create(**defaults | fields)


def make_user(*roles: Role, **fields: Any) -> User:
    defaults = {"username": f"user{next(_numbers)}", "is_staff": True, "language": "en"}
    user = User.objects.create_user(**defaults | fields)
    for role in roles:
        user.groups.add(user.groups.model.objects.get(name=role.value))
    return user


def make_customer(*, email: str = "", **fields: Any) -> Customer:
    defaults: dict[str, Any] = {"given_name": "Anna", "family_name": "Müller", "salutation": "frau", "is_known": True}
    customer = Customer.objects.create(**defaults | fields)
    if email:
        Identity.objects.create(customer=customer, kind="email", value=email)
    customer.refresh_from_db()
    return customer


def make_consent(customer: Customer, *, address: str, **fields: Any) -> Consent:
    defaults: dict[str, Any] = {
        "brand": make_brand(),
        "channel": "email",
        "purpose": "survey",
        "state": "granted",
        "basis": "opt_in",
        "origin": "test",
        "recorded_at": NOW - timedelta(days=30),
    }
    return Consent.objects.create(customer=customer, address=address, **defaults | fields)


def make_channel(key: str = "web", **fields: Any) -> Channel:
    return Channel.objects.get_or_create(key=key, defaults={"label_de": key.title()} | fields)[0]


def make_type(key: str = "product_viewed", **fields: Any) -> TouchpointType:
    return TouchpointType.objects.get_or_create(key=key, defaults={"label_de": key} | fields)[0]


def make_reason(key: str = "worn_part", *, kind: str = "root_cause", **fields: Any) -> CaseReason:
    return CaseReason.objects.get_or_create(key=key, defaults={"kind": kind, "label_de": key} | fields)[0]


def how_it_ended(cause: str = "worn_part", resolution: str = "replaced") -> dict[str, CaseReason]:
    """What resolving a case needs."""
    return {"root_cause": make_reason(cause), "resolution": make_reason(resolution, kind="resolution")}


def make_source(*, kind: str = "server", **fields: Any) -> Source:
    number = next(_numbers)
    return Source.objects.create(
        **{"key": f"source_{number}", "name": f"Source {number}", "brand": make_brand(), "kind": kind} | fields
    )


def make_write_key(source: Source | None = None) -> str:
    """The secret text of a new key that may write for this source."""
    api_key, key = issue_api_key(name="Shop", scopes=[Scope.TOUCHPOINTS_WRITE])
    WriteKey.objects.create(source=source or make_source(), api_key=api_key)
    return key


def make_touchpoint(
    customer: Customer | None = None, *, type: str | None = "product_viewed", **fields: Any
) -> Touchpoint:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "message_id": f"message-{number}",
        "occurred_at": NOW,
        "type": make_type(type) if type else None,
    }
    fields = defaults | fields
    fields.setdefault("source", Source.objects.first() or make_source())
    return Touchpoint.objects.create(customer=customer or make_customer(), **fields)
