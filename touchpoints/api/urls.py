from django.urls import path

from touchpoints.api.cross_origin import cross_origin
from touchpoints.api.ingest import TouchpointBatchView

urlpatterns = [
    path("touchpoints/batch", cross_origin(TouchpointBatchView.as_view()), name="touchpoint-batch"),
]
