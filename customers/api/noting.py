from collections.abc import Iterable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.personal import may_read_personal_data
from customers.actions.accesses import note_access
from customers.holding import hold_people
from customers.models import AccessKind

# A refusal for an outdated state (412) tells the state as it is now.
TELLS_THE_ROW = (200, 304, 412)


class Noted(GenericViewSet[Any]):
    """Who reads what is kept of customers is written down: of one row with whose it is, of a list that it was read.

    Not so who creates: what is answered is what they sent. Nor who may read no personal data: those see none.
    """

    got: Any = None

    def people_of(self, row: Any) -> Iterable[int | None]:
        return (row.customer_id,)

    def hold(self, row: Any) -> None:
        """Its people, before the row itself (customers.holding)."""
        hold_people([pk for pk in self.people_of(row) if pk])

    def get_object(self) -> Any:
        self.got = super().get_object()
        return self.got

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if getattr(self, "action", None) == "list" and answer.status_code == 200:
            self._note(AccessKind.LIST, [_named(request)])
        elif self.got is not None and answer.status_code in TELLS_THE_ROW:
            self._note(AccessKind.API, [pk for pk in self.people_of(self.got) if pk])
        return answer

    def _note(self, kind: AccessKind, people: Iterable[int | None]) -> None:
        if may_read_personal_data(self.request):
            for person in people:
                note_access(kind=kind, by=self.request.user, customer=person)


def _named(request: Request) -> int | None:
    """The customer whose rows the list was asked for; its filter has let the number pass."""
    named = request.query_params.get("customer") or request.query_params.get("person", "")
    return int(named) if named.isdecimal() else None
