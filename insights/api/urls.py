from django.urls import path

from insights.api.views import KpiAnswer, KpiList

urlpatterns = [
    path("kpis/", KpiList.as_view(), name="kpi-list"),
    path("kpis/<slug:key>/", KpiAnswer.as_view(), name="kpi-answer"),
]
