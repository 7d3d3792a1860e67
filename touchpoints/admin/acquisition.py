from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import PageAdmin
from touchpoints.models import AcquisitionRule


@admin.register(AcquisitionRule)
class AcquisitionRuleAdmin(PageAdmin):
    about = _("By which way people come: of these rules, in their order, the first that fits counts.")
    when_empty = _("Without rules of your own the ready ones hold.")
    list_display = ("__str__", "position", "of_mediums", "of_hosts", "of_channels")
    search_fields = ("acquisition_channel",)
    fieldsets = (
        (None, {"fields": ("acquisition_channel", "position")}),
        (
            _("Fits where any of this is so"),
            {
                "fields": ("mediums", "hosts", "channels"),
                "description": _("Several with commas. A change holds for touchpoints from now on, not for old ones."),
            },
        ),
    )

    @admin.display(description=_("mediums"))
    def of_mediums(self, rule: AcquisitionRule) -> str:
        return ", ".join(rule.mediums)

    @admin.display(description=_("referring sites"))
    def of_hosts(self, rule: AcquisitionRule) -> str:
        return ", ".join(rule.hosts)

    @admin.display(description=_("channels"))
    def of_channels(self, rule: AcquisitionRule) -> str:
        return ", ".join(rule.channels)
