from datetime import UTC
from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet


class InUtc(APIView):
    """Times of the API are read and written in UTC, whatever zone the pages speak."""

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(UTC):
            return super().dispatch(*args, **kwargs)


class ReadOnlyViewSet(InUtc, ReadOnlyModelViewSet[Any]):
    """Queryset + serializer + filterset, with `scope` for keys and `permission` for staff."""

    # No id has more digits, so no path reaches the database with a number that it cannot hold.
    lookup_value_regex = "[0-9]{1,18}"
