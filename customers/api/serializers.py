from rest_framework import serializers

from customers.models import Customer, Identity


class IdentitySerializer(serializers.ModelSerializer[Identity]):
    class Meta:
        model = Identity
        fields = ("kind", "value", "is_trusted", "created_at")


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    identities = IdentitySerializer(many=True, read_only=True)

    class Meta:
        model = Customer
        fields = (
            "id", "canonical", "is_known", "kind", "salutation", "title", "given_name", "family_name", "company_name",
            "street", "postal_code", "city", "country", "language", "time_zone", "created_at", "identities",
        )  # fmt: skip
