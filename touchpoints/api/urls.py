from django.urls import path
from rest_framework.routers import SimpleRouter

from touchpoints.api import cases, subjects, views
from touchpoints.api.cross_origin import cross_origin
from touchpoints.api.ingest import TouchpointBatchView

router = SimpleRouter()
router.register("touchpoints", views.TouchpointViewSet)
router.register("touchpoint-types", views.TouchpointTypeViewSet)
router.register("channels", views.ChannelViewSet)
router.register("subjects", subjects.SubjectViewSet)
router.register("orders", subjects.OrderViewSet, basename="order")
router.register("cases", cases.CaseViewSet)
router.register("case-reasons", cases.CaseReasonViewSet)
router.register("case-comments", cases.CaseCommentViewSet)
router.register("case-links", cases.CaseLinkViewSet)
urlpatterns = [
    path("touchpoints/batch", cross_origin(TouchpointBatchView.as_view()), name="touchpoint-batch"),
    *router.urls,
]
