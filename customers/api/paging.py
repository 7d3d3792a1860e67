from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.paging import CursorPagination
from customers.querysets import CustomerQuerySet


class PeoplePagination(CursorPagination):
    """Tells whether the names of people searched for are only similar: no machine may take them for found."""

    is_similar = False

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        self.is_similar = cast(CustomerQuerySet, queryset).is_similar
        return super().paginate_queryset(queryset, request, view)

    def get_paginated_response(self, data: Any) -> Response:
        answer = super().get_paginated_response(data)
        answer.data["is_similar"] = self.is_similar
        return answer

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = super().get_paginated_response_schema(schema)
        told = "Of a search with `q`: nobody fits it, and the names of these people are similar."
        page["properties"]["is_similar"] = {"type": "boolean", "description": told}
        page["required"] = [*page["required"], "is_similar"]
        return page
