from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from touchpoints.models import Webhook, WebhookDelivery
from touchpoints.models.webhook import ROTATION, DeliveryState

TEST_TYPE = "test"


@transaction.atomic
def activate_webhook(*, webhook: Webhook) -> Webhook:
    """From now on it is told what happens; what waited from before goes out as well."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if not (webhook.tells_case_changes or webhook.types.exists()):
        raise ValidationError(_("Choose what it is to be told of first."), code="nothing_chosen")
    if not webhook.is_active:
        webhook.activated_at, webhook.disabled_reason = timezone.now(), ""
        webhook.failures, webhook.retry_at, webhook.error = 0, None, ""
        webhook.save(update_fields=["activated_at", "disabled_reason", "failures", "retry_at", "error"])
    return webhook


@transaction.atomic
def deactivate_webhook(*, webhook: Webhook, reason: str = "") -> None:
    """What waits stays and waits; what happens meanwhile is not told, also not later."""
    Webhook.objects.filter(pk=webhook.pk).update(activated_at=None, disabled_reason=reason)


@transaction.atomic
def rotate_secret(*, webhook: Webhook) -> Webhook:
    """Both sign for a day, so that the receiver can change over at any time within it."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    now = timezone.now()
    if len(webhook.secret_numbers(now)) > 1:
        raise ValidationError(
            _("The last change of the secret goes on: until it is over there would be three."), code="rotating"
        )
    webhook.secret_number, webhook.both_until = webhook.secret_number + 1, now + ROTATION
    webhook.save(update_fields=["secret_number", "both_until"])
    return webhook


def send_test(*, webhook: Webhook) -> WebhookDelivery:
    """A call that tells of nothing; goes out like any other."""
    if not webhook.is_active:
        raise ValidationError(_("Switch it on first."), code="not_active")
    return WebhookDelivery.objects.create(webhook=webhook, type=TEST_TYPE)


def resend_delivery(*, delivery: WebhookDelivery) -> None:
    """Once more from the first call, also what was delivered; the receiver knows it by its ID."""
    ended = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.CALLING)
    changed = ended.update(state=DeliveryState.WAITING, calls=0, due_at=Now(), delivered_at=None, error="")
    if not changed:
        raise ValidationError(_("It is being called just now."), code="calling")
