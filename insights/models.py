from django.db import models
from django.utils.translation import gettext_lazy as _


class KpiAccess(models.Model):
    """No table: figures are declared in code (insights.kpis), and only the right to read them needs a place."""

    class Meta:
        managed = False
        verbose_name = _("KPI")
        verbose_name_plural = _("KPIs")
        default_permissions = ()
        permissions = [("view_kpi", _("Can read KPIs"))]

    def __str__(self) -> str:
        return "KPIs"
