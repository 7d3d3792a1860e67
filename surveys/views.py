"""The pages behind the link of an invitation. GET and HEAD store nothing: mail scanners open every link."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Brand
from customers import links
from customers.links import LinkPurpose
from surveys.actions import LinkClosedError, finish_response, save_answers, wish_callback
from surveys.answering import band
from surveys.forms import AnswerForm, CallbackForm, initial_answers
from surveys.models import Answer, Invitation, Response, SurveyVersion
from surveys.models.campaign import InvitationState, LinkState
from touchpoints.actions import SYSTEM_SOURCE
from touchpoints.models import Touchpoint

CLOSED_PAGES = {LinkState.ANSWERED: ("surveys/answered.html", 409), LinkState.CLOSED: ("surveys/closed.html", 410)}
# The token must reach no other site and no cache.
PRIVATE = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


# The token itself authorises, and there is no cookie that a foreign page could ride on: nothing to protect from CSRF.
@method_decorator(csrf_exempt, name="dispatch")
class InvitationPage(View):
    invitation: Invitation
    response: Response | None
    token: str

    def dispatch(self, request: HttpRequest, *args: Any, token: str) -> HttpResponseBase:
        invitation = _invitation(token)
        if invitation is None:
            brand = Brand.objects.filter(is_default=True).first() or Brand(name="Kundenpfad")
            answer: HttpResponseBase = render(request, "surveys/unknown.html", {"brand": brand}, status=404)
        else:
            self.invitation, self.token = invitation, token
            self.response = Response.objects.filter(invitation=invitation).select_related("version").first()
            self.language = self._language()
            with translation.override(self.language):
                answer = super().dispatch(request, *args)
        for name, value in PRIVATE.items():
            answer[name] = value
        return answer

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        campaign = self.invitation.campaign
        common = {
            "token": self.token,
            "invitation": self.invitation,
            "campaign": campaign,
            "survey": campaign.survey,
            "brand": campaign.brand,
            "page_language": self.language,
        }
        return render(self.request, template, common | context, status=status)

    def closed(self, state: LinkState) -> HttpResponse:
        template, status = CLOSED_PAGES[state]
        return self.page(template, status=status)

    def go_to(self, name: str, **query: str) -> HttpResponseRedirect:
        address = reverse(name, args=[self.token], query=query | {"lang": self.language})
        return HttpResponseRedirect(address, status=303)

    def _language(self) -> str:
        wishes = (
            self.request.POST.get("language"),
            self.request.POST.get("lang"),
            self.request.GET.get("lang"),
            self.response and self.response.language,
            self.invitation.language,
            get_language(),
        )
        return next(
            (wish for wish in wishes if wish in dict(settings.LANGUAGES)), self.invitation.campaign.brand.language
        )


class AnswerPage(InvitationPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        state = self.invitation.link_state(now=timezone.now())
        if state != LinkState.OPEN:
            return self.closed(state)
        initial = initial_answers(self._stored_answers())
        if self.response is None or self.response.finished_at is None:
            initial |= self._clicked_score()
        return self._form_page(AnswerForm(questions=self._questions(), initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        is_edit = self.response is not None and self.response.finished_at is not None
        is_draft = "save" in request.POST and not is_edit
        form = AnswerForm(request.POST, questions=self._questions(), is_draft=is_draft)
        if "language" in request.POST:
            return self._form_page(AnswerForm(questions=form.questions, initial=form.typed()))
        is_valid = form.is_valid()
        store = finish_response if is_valid and not is_draft else save_answers
        try:
            store(invitation=self.invitation, answers=form.answers(), language=self.language)
        except LinkClosedError as closed:
            return self.closed(closed.state)
        if not is_valid:
            return self._form_page(form, status=422)
        return self.go_to("answer", saved="1") if is_draft else self.go_to("answer_thanks")

    def _form_page(self, form: AnswerForm, *, status: int = 200) -> HttpResponse:
        is_edit = self.response is not None and self.response.finished_at is not None
        return self.page("surveys/answer.html", status=status, form=form, is_edit=is_edit)

    def _version(self) -> SurveyVersion:
        if self.response is not None:
            return self.response.version
        return self.invitation.campaign.survey.versions.published().get()

    def _questions(self) -> Any:
        return self._version().questions.all()

    def _stored_answers(self) -> list[Answer]:
        return list(self.response.answers.select_related("question")) if self.response else []

    def _clicked_score(self) -> dict[str, int]:
        """The score of the link in the mail; shown as chosen, stored only when the person sends the form."""
        question, clicked = self._version().headline, self.request.GET.get("score", "")
        if question is None or question.scale is None or clicked not in map(str, question.scale):
            return {}
        return {question.key: int(clicked)}


class ThanksPage(InvitationPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        if self.invitation.state != InvitationState.ANSWERED:
            return self.go_to("answer")
        return self._thanks(CallbackForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """The wish to be called back."""
        form = CallbackForm(request.POST)
        if self._band() != "unhappy":
            return self.go_to("answer_thanks")
        if not form.is_valid():
            return self._thanks(form, status=422)
        wish_callback(invitation=self.invitation, phone=form.cleaned_data["phone"], note=form.cleaned_data["note"])
        return self.go_to("answer_thanks")

    def _thanks(self, form: CallbackForm, *, status: int = 200) -> HttpResponse:
        is_open = self.invitation.link_state(now=timezone.now()) == LinkState.OPEN
        wished = Touchpoint.objects.filter(
            source__key=SYSTEM_SOURCE, message_id=f"invitation:{self.invitation.pk}:callback"
        ).exists()
        return self.page(
            "surveys/thanks.html", status=status, band=self._band(), form=form, is_open=is_open, is_wished=wished
        )

    def _band(self) -> str:
        """An anonymous answer is cut off: nobody knows how it was, and nobody can be called."""
        return band(self.response.answers.select_related("question")) if self.response else "neutral"


def _invitation(token: str) -> Invitation | None:
    found = (
        Invitation.objects.select_related("campaign__brand", "campaign__survey", "customer")
        .filter(pk=links.claimed_row(token) or 0)
        .first()
    )
    if found and links.is_genuine(token, purpose=LinkPurpose.ANSWER, row=found.pk, nonce=found.nonce):
        return found
    return None
