from django.urls import path

from customers.views import imports, opting_in, preferences, unsubscribing

urlpatterns = [
    path("consent/<str:token>/", opting_in.opt_in, name="opt-in"),
    path("consent/<str:token>/again/", opting_in.opt_in_again, name="opt-in-again"),
    path("imports/", imports.imports, name="customer-imports"),
    path("imports/<int:pk>/", imports.customer_import, name="customer-import"),
    path("imports/<int:pk>/description/", imports.description, name="customer-import-description"),
    path("imports/<int:pk>/check/", imports.check, name="customer-import-check"),
    path("imports/<int:pk>/run/", imports.run, name="customer-import-run"),
    path("imports/<int:pk>/cancellation/", imports.cancellation, name="customer-import-cancellation"),
    path("imports/<int:pk>/progress/", imports.progress, name="customer-import-progress"),
    path("imports/<int:pk>/problems/", imports.problems, name="customer-import-problems"),
    path("preferences/<str:token>/", preferences.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("unsubscribe/<str:token>/undo/", unsubscribing.unsubscribe_undo, name="unsubscribe_undo"),
]
