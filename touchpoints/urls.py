from django.urls import path, re_path

from touchpoints import views
from touchpoints.api.segment import no_such_path, receive, source_config

SDK_PATHS = "batch|track|identify|page|screen|group|alias|[tipsgabm]"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("metrics/", views.MetricsView.as_view(), name="metrics"),
    re_path(rf"^v1/(?P<path>{SDK_PATHS})/?$", receive, name="sdk"),
    re_path(r"^beacon/v1/(?P<path>batch)/?$", receive, name="sdk-beacon"),
    re_path(r"^sourceConfig/?$", source_config, name="sdk-source-config"),
    re_path(r"^(?:beacon/)?v1/", no_such_path),
]
