from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class KundenpfadAdminSite(AdminSite):
    site_header = "Kundenpfad"
    site_title = "Kundenpfad"
    index_title = _("Administration")
    site_url = "/"
