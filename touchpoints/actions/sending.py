"""Sending lawfully and exactly once: docs/adr has the reasoning, touchpoints/models/message.py the states."""

import time
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from django.db import transaction
from django.utils import timezone, translation

from customers.actions import note_bounce
from customers.consent import ADVERTISING_PURPOSES, Refusal
from customers.grounds import grounds
from customers.holding import hold_people
from customers.links import LinkPurpose, hide_tokens, public_url, token
from customers.models.consent import ContactChannel
from customers.preferences import mailed_url
from touchpoints import mime
from touchpoints.actions.recording import SYSTEM_SOURCE, record_touchpoint
from touchpoints.framing import frame
from touchpoints.mail import STAFF_BASIS, Mail, MessageKind, SendDecision, kind_of
from touchpoints.models import MailHost, Message
from touchpoints.models.message import DOUBT, LEASE
from touchpoints.smtp import HostDownError, Line, Outcome, Result, host_name

log = structlog.get_logger(__name__)
ERASED = "erased"
# No such mailbox, and never will be: RFC 3463.
HARD_BOUNCES = ("5.1.1", "5.1.10")


class Prepared(NamedTuple):
    mail: Mail
    content: bytes


def send_due_messages(*, seconds: float) -> int:
    """One run of a sender; as many as like may run at once. Ends after the mail during which `seconds` ran out."""
    ends = time.monotonic() + seconds
    _release_lost()
    host = MailHost.named(host_name())
    if not Message.objects.waiting().exists() or not host.may_try():
        return 0
    line = _open_line(host)
    if line is None:
        return 0
    handled = 0
    try:
        while line.is_open and (message := Message.objects.claim_next(lease=LEASE)):
            _send(message, line=line, host=host)
            handled += 1
            if time.monotonic() > ends:
                break
    finally:
        line.close()
    return handled


@transaction.atomic
def _release_lost() -> None:
    for message in Message.objects.release_lost(doubt=DOUBT):
        log.warning("mail_sender_lost", message=message.pk, kind=message.kind, state=message.state)
        try:
            with transaction.atomic():
                _settle(message, has_moved=True)
        except Exception:
            log.exception("mail_not_settled", message=message.pk, kind=message.kind)


def _open_line(host: MailHost) -> Line | None:
    try:
        line = Line.open()
    except HostDownError as error:
        log.warning("mail_host_down", host=host.name, error=str(error))
        host.note_failure(str(error))
        return None
    host.note_success()
    return line


def _send(message: Message, *, line: Line, host: MailHost) -> None:
    try:
        prepared = _prepare(message)
        if prepared is None:
            return
        outcome = line.deliver(
            prepared.content,
            sender=mime.ascii_address(message.brand.sender_email),
            recipient=mime.ascii_address(message.recipient),
            before_data=lambda: _begin_data(message),
        )
    except mime.InvalidAddressError:
        _settle(message, has_moved=message.fail("address_invalid"))
        return
    # Whatever a kind or a template does wrong, also in the last look before DATA: this mail waits, the next goes.
    except Exception as error:
        log.exception("mail_not_rendered", message=message.pk, kind=message.kind)
        line.close()
        message.retry(f"error: {type(error).__name__}")
        return
    if outcome.is_host_down:
        host.note_failure(outcome.detail)
    _note_outcome(message, outcome, prepared.mail)


@transaction.atomic
def _prepare(message: Message) -> Prepared | None:
    """Decide and render; None when the message ended here."""
    kind = kind_of(message)
    decision = _decide(message, kind)
    if decision.reason:
        _settle(message, has_moved=message.suppress(decision.reason))
        return None
    message.recipient, message.basis, message.consent_id = decision.address, decision.basis, decision.consent_id
    message.language = (message.customer.language if message.customer else "") or message.brand.language
    with translation.override(message.language):
        mail = kind.render(message, decision.address)
    url = _unsubscribe_url(decision)
    framed = frame(
        mail,
        brand=message.brand,
        language=message.language,
        purpose=decision.purpose,
        unsubscribe_url=url,
        preferences_url=mailed_url(decision.address, message.brand) if message.customer else "",
    )
    content = mime.compose(message, mail, framed, now=_now(message), unsubscribe_url=url)
    message.title, message.html, message.text = mail.title[:300], hide_tokens(framed.html), hide_tokens(framed.text)
    message.save(update_fields=["recipient", "basis", "consent", "language", "title", "html", "text"])
    return Prepared(mail, content)


@transaction.atomic(durable=True)
def _begin_data(message: Message) -> bool:
    """The last look before the mail goes; whoever withdraws consent after this commit comes too late for this mail."""
    if message.customer:
        hold_people([message.customer.pk])
        message.customer.refresh_from_db(fields=["canonical"])
    decision = _decide(message, kind_of(message))
    if decision.reason:
        _settle(message, has_moved=message.suppress(decision.reason))
        return False
    if decision.address != message.recipient:
        message.retry("address_changed")
        return False
    rests_on = _grounds(message, decision)
    return message.begin_data(basis=decision.basis, consent_id=decision.consent_id, grounds=rests_on)


def _decide(message: Message, kind: MessageKind) -> SendDecision:
    if not message.brand.may_send_mail:
        return SendDecision.refused("brand_incomplete")
    if message.customer is None and not kind.is_for_staff:
        return SendDecision.refused(ERASED)
    decision = kind.may_send(message, _now(message))
    if decision.basis == STAFF_BASIS and not kind.is_for_staff:
        return SendDecision.refused(Refusal.NO_LEGAL_BASIS)
    return decision


def _grounds(message: Message, decision: SendDecision) -> dict[str, Any]:
    if message.customer is None:
        return {"basis": decision.basis}
    return grounds(
        customer=message.customer,
        brand=message.brand,
        purpose=decision.purpose,
        channel=ContactChannel.EMAIL,
        address=decision.address,
        basis=decision.basis,
        consent_id=decision.consent_id,
        now=timezone.now(),
    )


def _unsubscribe_url(decision: SendDecision) -> str:
    if decision.purpose not in ADVERTISING_PURPOSES or decision.consent_id is None:
        return ""
    return public_url("unsubscribe", token(LinkPurpose.UNSUBSCRIBE, decision.consent_id))


def _note_outcome(message: Message, outcome: Outcome, mail: Mail) -> None:
    detail = outcome.detail.replace(message.recipient, "…")
    log.info("mail_handled", message=message.pk, kind=message.kind, result=outcome.result, detail=detail)
    match outcome.result:
        case Result.TAKEN:
            _note_taken(message, mail)
        case Result.LATER:
            _settle(message, has_moved=message.retry(detail))
        case Result.REFUSED:
            _note_refused(message, detail)
        case Result.DOUBT:
            _settle(message, has_moved=message.doubt(detail))
        case Result.WITHHELD:
            pass


def _note_taken(message: Message, mail: Mail) -> None:
    try:
        with transaction.atomic():
            if message.mark_sent():
                _record(message, mail)
                _settle(message, has_moved=True)
    except Exception:
        # The mail went. Not to note that would send it again.
        log.exception("mail_sent_without_touchpoint", message=message.pk, kind=message.kind)
        message.mark_sent()


@transaction.atomic
def _note_refused(message: Message, detail: str) -> None:
    # People before messages, as everywhere (customers.holding).
    if message.customer_id and any(f" {code} " in f"{detail} " for code in HARD_BOUNCES):
        note_bounce(address=message.recipient)
    _settle(message, has_moved=message.fail(detail))


def _record(message: Message, mail: Mail) -> None:
    """Every mail is a contact, and so a touchpoint."""
    if message.customer is None or message.sent_at is None:
        return
    record_touchpoint(
        source=SYSTEM_SOURCE,
        message_id=message.key,
        type=kind_of(message).touchpoint_type,
        customer=message.customer,
        occurred_at=message.sent_at,
        subject=mail.subject,
        properties={"kind": message.kind, "title": message.title},
    )


def _settle(message: Message, *, has_moved: bool) -> None:
    if has_moved:
        kind_of(message).settled(message)


def _now(message: Message) -> datetime:
    if message.claimed_at is None:
        raise ValueError("Only a claimed message is sent.")
    return message.claimed_at
