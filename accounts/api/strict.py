from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from rest_framework import serializers
from rest_framework.fields import get_error_detail

UNKNOWN = "There is no such field here, or it cannot be set."
# The REST framework takes 5 for "5", "5" for 5 and "yes" for true; the documentation does not.
TYPES: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], type, str], ...] = (
    (serializers.BooleanField, bool, "Must be true or false."),
    (serializers.IntegerField, int, "Must be an integer."),
    (serializers.PrimaryKeyRelatedField, int, "Must be an integer."),
    (serializers.CharField, str, "Must be a string."),
    (serializers.SlugRelatedField, str, "Must be a string."),
    (serializers.ChoiceField, str, "Must be a string."),
)


class StrictSerializer(serializers.ModelSerializer[Any]):
    """Refuses by name what it would not store, and asks the model whether the rest is right."""

    def to_internal_value(self, data: Any) -> Any:
        settable = {name for name, field in self.fields.items() if not field.read_only}
        if isinstance(data, dict) and (unknown := sorted(set(data) - settable)):
            raise serializers.ValidationError(dict.fromkeys(unknown, [UNKNOWN]), code="unknown_field")
        wrong = _of_other_types(self.fields, data) if isinstance(data, dict) else {}
        if not wrong:
            return super().to_internal_value(data)
        errors: dict[str, Any] = {}
        try:
            super().to_internal_value({name: value for name, value in data.items() if name not in wrong})
        except serializers.ValidationError as error:
            errors |= error.detail  # type: ignore[arg-type]
        raise serializers.ValidationError(errors | wrong)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The model's constraints, among them those that no serializer knows."""
        plain = {name: value for name, value in attrs.items() if name in self._columns()}
        stored = {name: getattr(self.instance, name) for name in self._columns()} if self.instance else {}
        model: Any = self.Meta.model
        row = model(**(stored | plain))
        row.pk = self.instance.pk if self.instance else None
        row._state.adding = self.instance is None
        try:
            row.validate_constraints()
        except ValidationError as error:
            told: Any = get_error_detail(error)
            raise serializers.ValidationError(
                {"non_field_errors" if field == NON_FIELD_ERRORS else field: why for field, why in told.items()}
            ) from error
        return attrs

    def _columns(self) -> set[str]:
        model: Any = self.Meta.model
        return {field.name for field in model._meta.concrete_fields if not field.primary_key}


def _of_other_types(fields: Any, data: dict[str, Any]) -> dict[str, list[str]]:
    return {name: [error] for name, value in data.items() if (error := _type_error(fields[name], value))}


def _type_error(field: Any, value: Any) -> str:
    if value is None or isinstance(value, dict | list):  # the field itself says what is wrong with these
        return ""
    for kind, type_, error in TYPES:
        if isinstance(field, kind):
            return "" if type(value) is type_ else error
    return ""
