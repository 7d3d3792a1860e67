from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("customers.urls")),
    path("", include("surveys.urls")),
    path("", include("workspace.urls")),
]
