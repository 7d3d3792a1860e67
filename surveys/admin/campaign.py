from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.pages import PageAdmin, ReadOnlyAdmin
from surveys.actions import activate_campaign, pause_campaign
from surveys.models import Campaign, Invitation


def activate(_request: HttpRequest, campaign: Campaign) -> str:
    activate_campaign(campaign=campaign)
    return gettext("The campaign is on: what happens from now on invites, what happened before does not.")


def pause(_request: HttpRequest, campaign: Campaign) -> str:
    pause_campaign(campaign=campaign)
    return gettext("The campaign is paused. Planned invitations wait; what happens meanwhile invites nobody.")


@admin.register(Campaign)
class CampaignAdmin(PageAdmin):
    about = _("When to ask whom which survey, by mail and only where the law allows it.")
    when_empty = _("Add a campaign: a survey, the touchpoint that triggers it, and the delay. Then switch it on.")
    list_display = ("__str__", "survey", "trigger_type", "purpose", "delay_minutes", "is_on", "activated_at", "brand")
    list_filter = (("activated_at", admin.EmptyFieldListFilter), "purpose", "survey", "brand")
    list_select_related = ("survey", "trigger_type", "brand")
    search_fields = ("key", "label_de", "label_en")
    autocomplete_fields = ("survey", "trigger_type")
    readonly_fields = ("activated_at",)
    buttons = (
        Button(
            name="activation",
            label=_("Switch on"),
            permission="surveys.change_campaign",
            press=activate,
            is_offered=lambda campaign: not campaign.is_active,
        ),
        Button(
            name="pause",
            label=_("Pause"),
            permission="surveys.change_campaign",
            press=pause,
            is_offered=lambda campaign: campaign.is_active,
        ),
    )
    fieldsets = (
        (None, {"fields": ("key", "label_de", "label_en", "brand", "survey", "purpose", "activated_at")}),
        (
            _("When"),
            {
                "fields": (
                    "trigger_type", "conditions", "delay_minutes", "window_from_hour", "window_to_hour",
                    "is_weekdays_only",
                ),
                "description": _("Seven days after the trigger are 10080 minutes. Mails wait for the window."),
            },
        ),
        (_("Restraint"), {"fields": ("quiet_days", "expires_days")}),
        (_("After answering"), {"fields": ("recommendation_url", "public_review_url")}),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        return ("key", *self.readonly_fields) if obj else self.readonly_fields

    @admin.display(boolean=True, description=_("on"))
    def is_on(self, campaign: Campaign) -> bool:
        return campaign.is_active


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    about = _("Everyone who could have been asked, what became of it and why.")
    when_empty = _("Invitations are planned when a campaign is on and its trigger happens.")
    looks_back = 100_000
    list_display = ("customer", "campaign", "state", "reason", "subject", "due_at", "sent_at", "answered_at")
    list_filter = ("state", "campaign")
    list_select_related = ("customer", "campaign")
    ordering = ("-id",)
    sortable_by = ()
    fields = (
        "campaign", "customer", "touchpoint", "subject", "state", "reason", "due_at", "sent_at", "answered_at",
        "language", "created_at",
    )  # fmt: skip
