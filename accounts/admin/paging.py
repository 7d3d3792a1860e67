from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

if TYPE_CHECKING:
    ListPaginator = Paginator[Any]
else:
    ListPaginator = Paginator

MOST_COUNTED = 1000


class BoundedPaginator(ListPaginator):
    """Counts to a thousand and pages no further, so a list of millions costs what a list of thousands costs."""

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: MOST_COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def is_cut(self) -> bool:
        """There are more rows than are counted and paged."""
        return self._counted > MOST_COUNTED
