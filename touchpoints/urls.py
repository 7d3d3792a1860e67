from django.urls import path

from touchpoints import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("metrics/", views.MetricsView.as_view(), name="metrics"),
]
