from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.models import Campaign


@transaction.atomic
def activate_campaign(*, campaign: Campaign) -> Campaign:
    """From now on its trigger invites; what happened before never does."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.is_active:
        return campaign
    if not campaign.brand.may_send_mail:
        raise ValidationError(
            _("Fill in sender, postal address, imprint and privacy notice of the brand “%(brand)s” first.")
            % {"brand": campaign.brand},
            code="brand_incomplete",
        )
    if not campaign.survey.versions.published().exists():
        raise ValidationError(
            _("Publish the survey “%(survey)s” first.") % {"survey": campaign.survey}, code="not_published"
        )
    campaign.activated_at = timezone.now()
    campaign.save(update_fields=["activated_at"])
    return campaign


@transaction.atomic
def pause_campaign(*, campaign: Campaign) -> Campaign:
    """Planned invitations wait; what happens meanwhile invites nobody, also not later."""
    Campaign.objects.filter(pk=campaign.pk).update(activated_at=None)
    campaign.refresh_from_db()
    return campaign
