"""Telling webhooks: at least once, in order for each person, and nobody waits for a receiver that is slow or away."""

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from http import HTTPStatus

import httpcore
import structlog
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

from touchpoints.actions.webhooks import deactivate_webhook
from touchpoints.models import Touchpoint, Webhook, WebhookDelivery
from touchpoints.models.webhook import LEASE, DisabledReason, Trouble
from touchpoints.webhooks.addresses import ForbiddenAddressError
from touchpoints.webhooks.body import body
from touchpoints.webhooks.envelope import headers
from touchpoints.webhooks.line import PlainHttpError, call

log = structlog.get_logger(__name__)
AT_ONCE = 32
OF_ONE_WEBHOOK = 4
LOOK_EVERY = 0.2  # seconds
# Not about this delivery: the receiver has trouble of its own.
HOST_IS_DOWN = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
Flying = dict["Future[int]", tuple[Webhook, WebhookDelivery]]


def call_webhooks(*, seconds: float) -> int:
    """One run of a caller; as many as like may run at once. Begins nothing new after `seconds`."""
    ends = time.monotonic() + seconds
    flying: Flying = {}
    handled = 0
    with ThreadPoolExecutor(AT_ONCE) as callers:
        while True:
            if time.monotonic() < ends:
                flying |= _begin(callers, flying)
            if not flying:
                return handled
            done, _rest = wait(flying, timeout=LOOK_EVERY, return_when=FIRST_COMPLETED)
            for future in done:
                _settle(future, *flying.pop(future))
                handled += 1


def _begin(callers: ThreadPoolExecutor, flying: Flying) -> Flying:
    due = WebhookDelivery.objects.unfinished().filter(webhook=OuterRef("pk"), due_at__lte=Now())
    begun: Flying = {}
    for webhook in Webhook.objects.exclude(activated_at=None).filter(Exists(due)):
        busy = sum(other.pk == webhook.pk for other, _delivery in flying.values())
        room = min(OF_ONE_WEBHOOK - busy, AT_ONCE - len(flying) - len(begun))
        if room > 0 and webhook.may_try():
            # While it fails, one call tries.
            claimed = WebhookDelivery.objects.claim(
                webhook_id=webhook.pk, limit=1 if webhook.failures else room, lease=LEASE
            )
            begun |= _submit(callers, webhook, claimed)
    return begun


def _submit(callers: ThreadPoolExecutor, webhook: Webhook, claimed: list[WebhookDelivery]) -> Flying:
    related = Touchpoint.objects.select_related("source", "type", "channel", "customer")
    touchpoints = related.in_bulk([it.touchpoint_id for it in claimed if it.touchpoint_id])
    begun: Flying = {}
    for delivery in claimed:
        touchpoint = touchpoints.get(delivery.touchpoint_id) if delivery.touchpoint_id else None
        if delivery.touchpoint_id and touchpoint is None:
            continue  # erased just now, and this delivery with it
        content = body(delivery, touchpoint)
        signed = headers(delivery, webhook, content, now=timezone.now())
        begun[callers.submit(call, webhook.url, content=content, headers=signed)] = (webhook, delivery)
    return begun


def _settle(future: "Future[int]", webhook: Webhook, delivery: WebhookDelivery) -> None:
    error = future.exception()
    if error is None:
        _note_answer(webhook, delivery, future.result())
    else:
        _note_error(webhook, delivery, error)
    log.info("webhook_called", webhook=webhook.pk, delivery=delivery.pk, error=type(error).__name__ if error else "")


def _note_answer(webhook: Webhook, delivery: WebhookDelivery, status: int) -> None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        delivery.note_delivered(status)
        webhook.note_success()
    elif status == HTTPStatus.GONE:
        delivery.note_failure("", status=status)
        deactivate_webhook(webhook=webhook, reason=DisabledReason.GONE)
    elif HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        delivery.note_failure(Trouble.REDIRECT, status=status)
        webhook.note_success()
    else:
        delivery.note_failure("", status=status)
        if status in HOST_IS_DOWN:
            webhook.note_failure(f"HTTP {status}")
        else:
            webhook.note_success()


def _note_error(webhook: Webhook, delivery: WebhookDelivery, error: BaseException) -> None:
    match error:
        case ForbiddenAddressError():
            trouble: str = Trouble.NOT_PUBLIC
        case PlainHttpError():
            trouble = Trouble.NOT_HTTPS
        case httpcore.TimeoutException():
            trouble = Trouble.NO_ANSWER
        case _:
            trouble = f"{type(error).__name__}: {error}"
    delivery.note_failure(trouble, status=None)
    webhook.note_failure(trouble)
