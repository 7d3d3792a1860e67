"""What a person changes about their preferences, by link and without a login."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from customers.actions.consent_requests import request_consent
from customers.actions.consents import hold_ledger, object_to, record_consent
from customers.consent import ADVERTISING_PURPOSES, may_contact
from customers.models import Consent, ConsentRequest, Customer, Pause
from customers.models.consent import UNDO_TIME, ConsentState, ContactChannel, Purpose
from customers.preferences import Holder, last_word, proof_of_link
from customers.wording import stored, text_for

ORIGIN = "preferences"
UNDONE = "preferences_undone"


@transaction.atomic
def allow(*, holder: Holder, purpose: str, language: str) -> Consent | ConsentRequest | None:
    """At once where the link came by mail to the address; else a mail asks the address first."""
    if not holder.address:
        return None
    hold_ledger(holder.customer)
    text = stored(text_for(purpose))
    said: dict[str, Any] = {
        "customer": holder.customer,
        "brand": holder.brand,
        "address": holder.address,
        "text": text,
        "language": language,
        "origin": ORIGIN,
        "proof": proof_of_link(holder),
    }
    if holder.identity is None:
        return request_consent(purposes=[purpose], **said)
    return record_consent(purpose=purpose, **said)


@transaction.atomic
def refuse(*, holder: Holder, purposes: Sequence[str], channels: Sequence[str]) -> list[Consent]:
    """No more of this, to none of the person's addresses; what was refused already is not written again."""
    hold_ledger(holder.customer)
    said: list[Consent] = []
    for channel in channels:
        news = [purpose for purpose in purposes if not _is_refused(holder, purpose, channel)]
        said += object_to(
            customer=holder.customer,
            brand=holder.brand,
            purposes=news,
            channel=channel,
            origin=ORIGIN,
            proof=proof_of_link(holder),
        )
    return said


def refuse_everything(*, holder: Holder) -> list[Consent]:
    with transaction.atomic():
        said = refuse(holder=holder, purposes=ADVERTISING_PURPOSES, channels=ContactChannel.values)
        return said + refuse(holder=holder, purposes=[Purpose.PROFILING], channels=[ContactChannel.EMAIL])


@transaction.atomic
def undo_refusal(*, holder: Holder, entries: Sequence[int], now: datetime) -> int:
    """The person did not mean it: they say yes again to what was allowed before. Only just after, and by themselves."""
    hold_ledger(holder.customer)
    recent = Consent.objects.of_person(holder.customer).filter(
        pk__in=entries, brand=holder.brand, origin=ORIGIN, state=ConsentState.OBJECTED, recorded_at__gt=now - UNDO_TIME
    )
    return sum(_restore(holder, entry, now=now) for entry in recent.order_by("id"))


@transaction.atomic
def pause(*, holder: Holder, days: int, now: datetime) -> Pause:
    end_pause(holder=holder, now=now)
    return Pause.objects.create(customer=holder.customer, brand=holder.brand, until_at=now + timedelta(days=days))


@transaction.atomic
def end_pause(*, holder: Holder, now: datetime) -> int:
    hold_ledger(holder.customer)
    running = Pause.objects.running(now=now).of_person(holder.customer).filter(brand=holder.brand)
    return running.update(ended_at=now)


@transaction.atomic
def choose_language(*, holder: Holder, language: str) -> None:
    """Of every record of the person: mails follow the record they are about."""
    hold_ledger(holder.customer)
    Customer.objects.filter(canonical__group=holder.customer).exclude(language=language).update(language=language)


def _is_refused(holder: Holder, purpose: str, channel: str) -> bool:
    last = last_word(holder, purpose, channel=channel)
    return last is not None and last.state == ConsentState.OBJECTED and not last.address


def _restore(holder: Holder, entry: Consent, *, now: datetime) -> bool:
    if last_word(holder, entry.purpose, channel=entry.channel) != entry:
        return False
    before = last_word(holder, entry.purpose, channel=entry.channel, before=entry.pk)
    if before is not None and before.state != ConsentState.GRANTED:
        return False
    address = before.address if before else _open_address(holder, entry, now=now)
    if not address:
        return False
    record_consent(
        customer=holder.customer,
        brand=holder.brand,
        purpose=entry.purpose,
        channel=entry.channel,
        address=address,
        text=before.text if before else None,
        language=before.language if before else "",
        origin=UNDONE,
        proof=proof_of_link(holder) | {"undone": entry.pk, "before": before.pk if before else None},
    )
    return True


def _open_address(holder: Holder, entry: Consent, *, now: datetime) -> str:
    """Where nothing had been said and it was allowed all the same: letters, and profiling."""
    if entry.purpose == Purpose.PROFILING:
        return holder.address
    if entry.channel != ContactChannel.POST:
        return ""
    return may_contact(
        holder.customer, purpose=entry.purpose, channel=entry.channel, brand=holder.brand, now=now
    ).address
