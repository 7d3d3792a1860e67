"""A restored backup brings people back who were forgotten after it was made."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from customers.actions.erasing import finish_erasure, request_erasure
from customers.models import Customer, Erasure, Identity
from customers.models.erasure import ErasureReason
from customers.suppression import address_hmac


class Forgotten(NamedTuple):
    hmacs: frozenset[bytes]
    requested_at: datetime


def replay_erasures() -> int:
    """Forget all whom the log names and who were there before; how many. Safe to run again."""
    moments: dict[bytes, datetime] = {}
    for line in _lines():
        for hmac in line.hmacs:
            moments[hmac] = max(line.requested_at, moments.get(hmac, line.requested_at))
    count = 0
    for customer in _people(moments) if moments else ():
        person = Customer.objects.filter(pk=customer).first()
        if person and not Erasure.objects.unfinished().filter(records__contains=[customer]).exists():
            finish_erasure(erasure=request_erasure(customer=person, reason=ErasureReason.RESTORED))
            count += 1
    return count


def _lines() -> Iterator[Forgotten]:
    if not settings.ERASURE_LOG.exists():
        return
    with settings.ERASURE_LOG.open(encoding="ascii") as log:
        for text in log:
            try:
                line = json.loads(text)
            except json.JSONDecodeError:
                # Cut off by a crash: that erasure began again, and is noted on another line.
                continue
            hmacs = frozenset(bytes.fromhex(hmac) for hmac in line["hmacs"])
            yield Forgotten(hmacs, datetime.fromisoformat(line["requested_at"]))


def _people(moments: dict[bytes, datetime]) -> list[int]:
    """Who has an identifier the log names and had it before: who came back later is somebody new."""
    identities = Identity.objects.values_list("customer_id", "value", "created_at").order_by("id")
    found = dict.fromkeys(
        customer
        for customer, value, created_at in identities.iterator(chunk_size=10_000)
        if (moment := moments.get(address_hmac(value))) and created_at < moment
    )
    return list(found)
