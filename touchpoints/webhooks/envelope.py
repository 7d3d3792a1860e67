"""The headers by which a receiver sees that a call is ours (standardwebhooks.com)."""

import base64
import hashlib
import hmac
from datetime import datetime

from django.conf import settings

from touchpoints.models import Webhook, WebhookDelivery


def secret(webhook_id: int, number: int) -> bytes:
    """32 bytes, derived when needed and stored nowhere."""
    message = f"webhook:{webhook_id}:{number}".encode()
    return hmac.new(settings.WEBHOOK_KEY.encode(), message, hashlib.sha256).digest()


def shown_secret(webhook: Webhook) -> str:
    """As libraries of Standard Webhooks take it."""
    return "whsec_" + base64.b64encode(secret(webhook.pk, webhook.secret_number)).decode()


def headers(delivery: WebhookDelivery, webhook: Webhook, content: bytes, *, now: datetime) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    signed = b".".join((delivery.key.encode(), timestamp.encode(), content))
    signatures = (
        hmac.new(secret(webhook.pk, number), signed, hashlib.sha256).digest() for number in webhook.secret_numbers(now)
    )
    return {
        "content-type": "application/json",
        "user-agent": "Kundenpfad",
        "webhook-id": delivery.key,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(it).decode()}" for it in signatures),
    }
