from django.urls import path

from insights import views

urlpatterns = [path("figures/", views.figures, name="figures")]
