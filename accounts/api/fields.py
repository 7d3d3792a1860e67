from typing import Any

from rest_framework import serializers


class KeyField(serializers.SlugRelatedField[Any]):
    """What a row is called in the API instead of its number."""

    def __init__(self, **options: Any) -> None:
        settled: dict[str, Any] = {"slug_field": "key", "read_only": True} | options
        super().__init__(**settled)
