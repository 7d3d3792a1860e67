"""The mail of a double opt-in: it asks for a confirmation and says nothing else, for that would be advertising."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from customers.consent import may_ask
from customers.links import LinkPurpose, public_url, token
from customers.models import ConsentRequest
from customers.models.consent_request import RequestState
from touchpoints.mail import Mail, SendDecision, render_mail
from touchpoints.models import Message

KIND = "opt_in"


def may_send(message: Message, now: datetime) -> SendDecision:
    request = _request(message)
    if request is None:
        return SendDecision.refused("erased")
    if request.state_at(now) != RequestState.WAITING:
        return SendDecision.refused(request.state_at(now))
    decision = may_ask(
        request.customer,
        address=request.address,
        purposes=request.purposes,
        brand=request.brand,
        since=request.requested_at,
    )
    return SendDecision.of(decision)


def render(message: Message, _address: str) -> Mail:
    request = ConsentRequest.objects.select_related("brand", "text").get(pk=message.reference or 0)
    # What they agreed to stays in the language they read it in; the mail around it follows.
    message.language = request.language
    with translation.override(request.language):
        return render_mail(
            "touchpoints/mail/opt_in",
            title=_("Please confirm your consent"),
            context={
                "words": request.words,
                "url": public_url("opt-in", token(LinkPurpose.OPT_IN, request.pk)),
                "requested_at": request.requested_at,
                "expires_at": request.expires_at,
            },
            language=request.language,
            brand=request.brand,
            customer=message.customer,
        )


def _request(message: Message) -> ConsentRequest | None:
    found = ConsentRequest.objects.select_related("brand", "customer")
    return found.filter(pk=message.reference or 0).first()
