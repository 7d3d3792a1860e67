from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import PageAdmin
from accounts.models import Brand


@admin.register(Brand)
class BrandAdmin(PageAdmin):
    about = _("The legal entities that speak to customers: names, sender, imprint, colours, time zone.")
    when_empty = _("Add your company; mails and public pages need its imprint and privacy notice.")
    list_display = ("name", "legal_name", "sender_email", "may_send_mail", "time_zone", "currency", "is_default")
    search_fields = ("name", "legal_name")
    fieldsets = (
        (None, {"fields": ("name", "legal_name", "is_default")}),
        (
            _("Required by law"),
            {
                "fields": ("postal_address", "imprint_url", "privacy_url"),
                "description": _("Stands in every mail. While one of these or the sender is missing, none is sent."),
            },
        ),
        (_("Mails and public pages"), {"fields": ("sender_name", "sender_email", "accent_colour", "language")}),
        (_("Figures and formats"), {"fields": ("time_zone", "currency", "country")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Brand | None = None) -> bool:
        """The default brand is used wherever none is named."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_default)

    @admin.display(boolean=True, description=_("may send mail"))
    def may_send_mail(self, brand: Brand) -> bool:
        return brand.may_send_mail
