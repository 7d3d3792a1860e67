from django.urls import re_path
from rest_framework.routers import SimpleRouter

from journeys.api import views

router = SimpleRouter()
router.register("journeys", views.JourneyViewSet)
router.register("journey-versions", views.JourneyVersionViewSet)
router.register("stages", views.StageViewSet)
router.register("runs", views.RunViewSet)
router.register("passages", views.PassageViewSet)
urlpatterns = [
    re_path(
        r"^customers/(?P<customer_id>[0-9]{1,18})/current-stages/$",
        views.CurrentStagesView.as_view(),
        name="current-stages",
    ),
    *router.urls,
]
