from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from customers.api.consent_requests import ConsentRequestViewSet
from customers.api.parts import IdentityViewSet, MergeViewSet, NoteViewSet, TagViewSet
from customers.api.segments import SegmentCountView, SegmentCustomersView, SegmentViewSet
from customers.api.suggestions import MergeSuggestionViewSet
from customers.api.suppressions import SuppressionsView
from customers.api.views import CustomerViewSet

router = SimpleRouter()
router.register("customers", CustomerViewSet)
router.register("consent-requests", ConsentRequestViewSet)
router.register("identities", IdentityViewSet)
router.register("merge-suggestions", MergeSuggestionViewSet)
router.register("merges", MergeViewSet)
router.register("notes", NoteViewSet)
router.register("segments", SegmentViewSet)
router.register("tags", TagViewSet)
segment = r"^segments/(?P<segment_id>[0-9]{1,18})"
urlpatterns = [
    re_path(f"{segment}/customers/$", SegmentCustomersView.as_view(), name="segment-customers"),
    re_path(f"{segment}/count$", SegmentCountView.as_view(), name="segment-count"),
    path("suppressions/", SuppressionsView.as_view(), name="suppressions"),
    *router.urls,
]
