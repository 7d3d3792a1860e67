from rest_framework.routers import SimpleRouter

from surveys.api import views

router = SimpleRouter()
router.register("surveys", views.SurveyViewSet)
router.register("campaigns", views.CampaignViewSet)
router.register("invitations", views.InvitationViewSet)
router.register("responses", views.ResponseViewSet)
urlpatterns = router.urls
