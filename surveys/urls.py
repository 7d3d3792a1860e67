from django.urls import path

from surveys import views

urlpatterns = [
    path("s/<str:token>/", views.AnswerPage.as_view(), name="answer"),
    path("s/<str:token>/thanks/", views.ThanksPage.as_view(), name="answer_thanks"),
]
