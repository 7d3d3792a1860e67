"""What a new installation still needs before the first mail can go out; computed from the data, never ticked off."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Brand, User
from journeys.models import JourneyVersion
from surveys.models import Campaign
from touchpoints.models import Source
from touchpoints.models.source import SourceKind


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    url: str
    label: str
    is_done: bool


def steps() -> list[Step]:
    return [_brand(), _people(), _source(), _journey(), _campaign()]


def _brand() -> Step:
    brand = Brand.objects.filter(is_default=True).first()
    return Step(
        title=_("Say who speaks"),
        text=_("Sender, postal address, imprint and privacy notice stand in every mail; without them none is sent."),
        url=reverse("admin:accounts_brand_change", args=[brand.pk]) if brand else reverse("admin:accounts_brand_add"),
        label=_("Fill in the brand"),
        is_done=brand is not None and brand.may_send_mail,
    )


def _people() -> Step:
    return Step(
        title=_("Let your colleagues in"),
        text=_("Give everybody an account with a role; the role decides what they see and may do."),
        url=reverse("admin:accounts_user_add"),
        label=_("Add a person"),
        is_done=User.objects.filter(is_active=True, groups__isnull=False).exists(),
    )


def _source() -> Step:
    kinds = [SourceKind.SERVER, SourceKind.BROWSER, SourceKind.IMPORT]
    return Step(
        title=_("Connect a source"),
        text=_("A shop, an app or a file tells what happens to your customers. A source gets a key that may write."),
        url=reverse("admin:touchpoints_source_add"),
        label=_("Add a source"),
        is_done=Source.objects.filter(kind__in=kinds, is_active=True).exists(),
    )


def _journey() -> Step:
    return Step(
        title=_("Publish a journey"),
        text=_("The path your customers should take, stage by stage. Start from a ready one and make it yours."),
        url=reverse("admin:journeys_journey_changelist"),
        label=_("To the journeys"),
        is_done=JourneyVersion.objects.published().exists(),
    )


def _campaign() -> Step:
    return Step(
        title=_("Start asking"),
        text=_("A campaign says after which contact, how much later and whom you ask for an opinion."),
        url=reverse("admin:surveys_campaign_changelist"),
        label=_("To the campaigns"),
        is_done=Campaign.objects.active().exists(),
    )
