from typing import Any

from rest_framework import serializers

from accounts.api.fields import KeyField
from accounts.api.strict import StrictSerializer
from accounts.models import Brand, User
from customers.actions import change_customer, create_customer
from customers.identity import BY_STRENGTH, Identifier, InvalidIdentityError, identifier
from customers.models import Customer, Identity, Merge, Note, Tag

PERSONAL = (
    "kind", "salutation", "title", "given_name", "family_name", "company_name", "street", "postal_code", "city",
    "country", "language", "time_zone",
)  # fmt: skip

FINDABLE_BY = ("given_name", "family_name", "company_name", "identities")


class IdentitySerializer(StrictSerializer):
    value = serializers.CharField(max_length=320, help_text="It is kept in one spelling, whichever you send.")

    class Meta:
        model = Identity
        fields = ("id", "customer", "kind", "value", "is_trusted", "is_by_hand", "created_at")
        read_only_fields = ("id", "is_trusted", "is_by_hand", "created_at")
        # One that is known already is no mistake in the body: the action says whose it is.
        validators = ()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return attrs | {"value": spelled(attrs["kind"], attrs["value"], country=attrs["customer"].country).value}


class GivenIdentitySerializer(StrictSerializer):
    """An identifier of the customer that is created with it."""

    kind = serializers.ChoiceField(choices=BY_STRENGTH)
    value = serializers.CharField(max_length=320)

    class Meta:
        model = Identity
        fields = ("kind", "value")
        validators = ()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        country = str(self.root.initial_data.get("country") or "")
        return attrs | {"value": spelled(attrs["kind"], attrs["value"], country=country).value}


class ShownIdentitySerializer(serializers.ModelSerializer[Identity]):
    class Meta:
        model = Identity
        fields = ("id", "kind", "value", "is_trusted", "created_at")


class CustomerSerializer(StrictSerializer):
    identities = ShownIdentitySerializer(many=True, read_only=True)
    owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), allow_null=True, required=False
    )
    tags = serializers.SlugRelatedField(slug_field="key", many=True, queryset=Tag.objects.all(), required=False)

    class Meta:
        model = Customer
        fields = ("id", "version", "canonical", "is_known", *PERSONAL, "owner", "tags", "created_at", "identities")
        read_only_fields = ("id", "version", "canonical", "is_known", "created_at")

    def validate_kind(self, kind: str) -> str:
        if self.instance and Customer(pk=self.instance.pk, kind=kind).has_memberships_of_other_kind:
            raise serializers.ValidationError("Companies have members, and people belong to companies.")
        return kind

    def update(self, customer: Customer, given: dict[str, Any]) -> Customer:
        tags = given.pop("tags", None)
        return change_customer(customer=customer, fields=given, tags=tags)


class NewCustomerSerializer(CustomerSerializer):
    identities = GivenIdentitySerializer(many=True, required=False)  # type: ignore[assignment]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not any(attrs.get(name) for name in FINDABLE_BY):
            raise serializers.ValidationError("Name the customer or give an identity: else nobody finds them again.")
        return super().validate(attrs)

    def create(self, given: dict[str, Any]) -> Customer:
        identifiers = [Identifier(**identity) for identity in given.pop("identities", [])]
        tags = given.pop("tags", [])
        return create_customer(fields=given, identifiers=identifiers, tags=tags)


class TagSerializer(StrictSerializer):
    class Meta:
        model = Tag
        fields = ("id", "key", "name", "colour", "description")

    def validate_key(self, key: str) -> str:
        if self.instance and key != self.instance.key:
            raise serializers.ValidationError("The key stays: other systems name it. Make a new tag instead.")
        return key


class NoteSerializer(StrictSerializer):
    api_key = KeyField(slug_field="name", help_text="The system that wrote it.")

    class Meta:
        model = Note
        fields = ("id", "customer", "text", "author", "api_key", "created_at", "edited_at")
        read_only_fields = ("id", "author", "created_at", "edited_at")

    def validate_customer(self, customer: Customer) -> Customer:
        if self.instance and customer.pk != self.instance.customer_id:
            raise serializers.ValidationError("A note stays with its customer. Write a new one instead.")
        return customer


class MergeSerializer(StrictSerializer):
    class Meta:
        model = Merge
        fields = ("id", "kept", "merged", "reason", "created_by", "created_at", "undone_at", "undone_by")
        read_only_fields = ("id", "created_by", "created_at", "undone_at", "undone_by")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["kept"] == attrs["merged"]:
            raise serializers.ValidationError({"merged": "A record cannot be merged with itself."})
        return attrs


def spelled(kind: str, value: str, *, country: str = "") -> Identifier:
    """`country` is the customer's; without one phone numbers belong where the default brand is at home."""
    if kind == "phone" and not country:
        country = Brand.objects.home_country()
    try:
        return identifier(kind, value, country=country)
    except InvalidIdentityError as error:
        raise serializers.ValidationError({"value": [str(error)]}) from None
