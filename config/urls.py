from django.contrib import admin
from django.urls import include, path, re_path

from config.errors import no_such_endpoint
from config.openapi import docs_view, schema_view

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

api_v1 = [
    path("", include("customers.api.urls")),
    path("", include("touchpoints.api.urls")),
    path("", include("journeys.api.urls")),
    path("", include("surveys.api.urls")),
    path("", include("insights.api.urls")),
]
urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include(api_v1)),
    path("api/schema/", schema_view, name="api-schema"),
    path("api/docs/", docs_view, name="api-docs"),
    re_path("^api/", no_such_endpoint),
    path("", include("accounts.urls")),
    path("", include("customers.urls")),
    path("", include("touchpoints.urls")),
    path("", include("surveys.urls")),
    path("", include("insights.urls")),
    path("", include("workspace.urls")),
]
