from typing import Any

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor
from rest_framework.pagination import CursorPagination as DRFCursorPagination
from rest_framework.request import Request


class CursorPagination(DRFCursorPagination):
    """Newest first by id, never counting: stays fast over millions of rows."""

    ordering: Any = "-id"
    page_size_query_param = "page_size"
    max_page_size = 500

    def get_page_size(self, request: Request) -> int | None:
        given = request.query_params.getlist(self.page_size_query_param)
        if not given:
            return super().get_page_size(request)
        if len(given) > 1 or not _is_id(given[0]) or not 1 <= int(given[0]) <= self.max_page_size:
            raise ValidationError({self.page_size_query_param: [f"Must be a number from 1 to {self.max_page_size}."]})
        return int(given[0])

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor, page_size = super().get_schema_operation_parameters(view)
        page_size["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [cursor, page_size]

    def decode_cursor(self, request: Request) -> Cursor | None:
        cursor = super().decode_cursor(request)
        # Positions are ids; what else a stranger may put there never reaches the database.
        if cursor and cursor.position is not None and not _is_id(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
