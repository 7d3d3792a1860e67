from typing import Any

from rest_framework import serializers


class KeyField(serializers.SlugRelatedField[Any]):
    """What a row is called in the API instead of its number."""

    def __init__(self, **options: Any) -> None:
        settled: dict[str, Any] = {"slug_field": "key", "read_only": True} | options
        super().__init__(**settled)

    def bind(self, field_name: str, parent: Any) -> None:
        """Says in the documentation where there may be none."""
        super().bind(field_name, parent)
        model = getattr(getattr(parent, "Meta", None), "model", None)
        if model is not None and "." not in str(self.source):
            self.allow_null = model._meta.get_field(self.source).null
