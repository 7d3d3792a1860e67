from rest_framework.routers import SimpleRouter

from customers.api.consent_requests import ConsentRequestViewSet
from customers.api.parts import IdentityViewSet, MergeViewSet, NoteViewSet, TagViewSet
from customers.api.suggestions import MergeSuggestionViewSet
from customers.api.views import CustomerViewSet

router = SimpleRouter()
router.register("customers", CustomerViewSet)
router.register("consent-requests", ConsentRequestViewSet)
router.register("identities", IdentityViewSet)
router.register("merge-suggestions", MergeSuggestionViewSet)
router.register("merges", MergeViewSet)
router.register("notes", NoteViewSet)
router.register("tags", TagViewSet)
urlpatterns = router.urls
