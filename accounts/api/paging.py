from typing import Any

from rest_framework.pagination import CursorPagination as DRFCursorPagination


class CursorPagination(DRFCursorPagination):
    """Newest first by id, never counting: stays fast over millions of rows."""

    ordering: Any = "-id"
    page_size_query_param = "page_size"
    max_page_size = 500
