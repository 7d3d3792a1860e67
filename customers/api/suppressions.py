"""What a mail provider tells about an address: that nobody is there, or that its reader called our mail spam."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.strict import StrictSerializer
from accounts.api.viewsets import InUtc
from accounts.models import Brand, Scope
from customers.actions import note_bounce, note_complaint
from customers.api.serializers import spelled
from customers.models import Suppression

BOUNCE, COMPLAINT = "bounce", "complaint"
REPORTS = [(BOUNCE, "nobody is there, said for good"), (COMPLAINT, "the reader called our mail spam")]


class SuppressionSerializer(StrictSerializer):
    email = serializers.CharField(max_length=320, write_only=True, help_text="Kept as a fingerprint, so never told.")
    report = serializers.ChoiceField(choices=REPORTS, write_only=True)
    brand = serializers.PrimaryKeyRelatedField(
        queryset=Brand.objects.all(), required=False, write_only=True, help_text="Whose mail it was; missing: default."
    )

    class Meta:
        model = Suppression
        fields = ("email", "report", "brand", "scope", "reason", "created_at")
        read_only_fields = ("scope", "reason", "created_at")

    def validate_email(self, value: str) -> str:
        return spelled("email", value).value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """None of it is stored as it comes."""
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Suppression:
        address = validated_data["email"]
        if validated_data["report"] == BOUNCE:
            return note_bounce(address=address)
        return note_complaint(address=address, brand=validated_data.get("brand") or Brand.objects.default())


class SuppressionsView(InUtc, GenericAPIView[Suppression]):
    """An address that must not be written to; the same again changes nothing.

    A `bounce` ends all mail to the address, a `complaint` ends advertising and counts as an objection of its person.
    """

    scope = {"POST": Scope.CUSTOMERS_WRITE}  # noqa: RUF012
    permission = {"POST": "customers.add_suppression"}  # noqa: RUF012
    serializer_class = SuppressionSerializer
    queryset = Suppression.objects.none()
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses={200: SuppressionSerializer})
    def post(self, request: Request) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        form.save()
        return Response(form.data)
