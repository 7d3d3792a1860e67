"""Double opt-in for other systems: they collect a yes, we ask the reader of the address to confirm it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from rest_framework import serializers

from accounts.api.authentication import Integration
from accounts.api.problems import Problem
from accounts.api.strict import StrictSerializer
from accounts.api.viewsets import ConditionalViewSet, Creating
from accounts.models import Brand
from customers.actions import request_consent
from customers.api.noting import Noted
from customers.api.serializers import spelled
from customers.api.views import WRITING
from customers.models import ConsentRequest, ConsentText
from customers.models.consent import Purpose
from customers.models.consent_request import RequestState
from customers.wording import stored, text_for

# Nobody is asked to allow what needs no consent.
ASKED_FOR = [purpose for purpose in Purpose.choices if purpose[0] != Purpose.SERVICE]


class ConsentRequestSerializer(StrictSerializer):
    email = serializers.CharField(source="address", max_length=320, help_text="It is kept in one spelling.")
    purposes = serializers.MultipleChoiceField(choices=ASKED_FOR, allow_empty=False)
    text = serializers.CharField(
        required=False,
        help_text="Key of the consent text that was shown, in its newest version; ours if left out. Answers name it.",
    )
    brand = serializers.PrimaryKeyRelatedField(queryset=Brand.objects.all(), required=False)
    language = serializers.ChoiceField(choices=["de", "en"], required=False)
    state = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = ConsentRequest
        fields = (
            "id", "customer", "email", "purposes", "text", "brand", "language", "origin", "proof", "state",
            "requested_at", "expires_at", "confirmed_at",
        )  # fmt: skip
        read_only_fields = ("id", "requested_at", "confirmed_at")
        extra_kwargs = {"proof": {"required": False}}  # noqa: RUF012

    def get_state(self, request: ConsentRequest) -> RequestState:
        return request.state_at(timezone.now())

    def to_representation(self, request: ConsentRequest) -> dict[str, Any]:
        return super().to_representation(request) | {"purposes": request.purposes, "text": str(request.text)}

    def validate_email(self, value: str) -> str:
        return spelled("email", value).value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        purposes = sorted(attrs["purposes"])
        brand = attrs.get("brand") or Brand.objects.filter(is_default=True).first()
        if brand is None:
            raise serializers.ValidationError({"brand": "There is no default brand: name one."})
        return attrs | {"brand": brand, "purposes": purposes, "text": self._text(attrs.get("text", ""), purposes)}

    def _text(self, key: str, purposes: list[str]) -> ConsentText:
        if key:
            shown = ConsentText.objects.filter(key=key).order_by("-version").first()
            if shown is None:
                raise serializers.ValidationError({"text": "There is no consent text with this key."})
            return shown
        if len(purposes) > 1:
            raise serializers.ValidationError({"text": "Name the text that was shown for these purposes."})
        return text_for(purposes[0])


class ConsentRequestViewSet(Noted, Creating, ConditionalViewSet):
    """Requests for a consent, and whether they were confirmed. What nobody confirms is removed after 30 days."""

    scope = {"GET": WRITING[0], "POST": WRITING}  # noqa: RUF012
    permission = {"GET": "customers.view_consentrequest", "POST": "customers.add_consentrequest"}  # noqa: RUF012
    queryset = ConsentRequest.objects.select_related("text", "brand")
    serializer_class = ConsentRequestSerializer

    def perform_create(self, form: Any) -> ConsentRequest:
        given = form.validated_data
        user: Any = self.request.user
        try:
            text = stored(given.pop("text"))
            return request_consent(**given, text=text, by=None if isinstance(user, Integration) else user)
        except ValidationError as refused:
            status = 409 if refused.code == "identity_known" else 429
            raise Problem(status, str(refused.code), " ".join(refused.messages)) from refused
