from collections.abc import Collection
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.authentication import Integration
from accounts.models import Scope


def may_read_personal_data(request: Request) -> bool:
    user: Any = request.user
    if isinstance(user, Integration):
        return user.has_scope(Scope.CUSTOMERS_READ)
    return bool(user.has_perm("customers.view_customer"))


class PseudonymousSerializer(serializers.ModelSerializer[Any]):
    """Leaves out what the model declares as `personal_fields` where the reader may not see customers."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is None or may_read_personal_data(request):
            return fields
        personal = self.personal_fields()
        return {name: field for name, field in fields.items() if name not in personal}

    @classmethod
    def personal_fields(cls) -> Collection[str]:
        return getattr(cls.Meta.model, "personal_fields", ())
