from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.api.authentication import Integration


class HasScopeOrPermission(BasePermission):
    """Default deny: a view names `scope` (for keys) and `permission` (for staff); a view naming neither is closed.

    Either may be a dictionary by request method.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        user: Any = request.user
        if isinstance(user, Integration):
            scope = _for_method(getattr(view, "scope", None), request.method)
            return scope is not None and user.has_scope(scope)
        permission = _for_method(getattr(view, "permission", None), request.method)
        return bool(permission is not None and user and user.is_authenticated and user.has_perm(permission))


def _for_method(declared: str | dict[str, str] | None, method: str | None) -> str | None:
    if isinstance(declared, dict):
        return declared.get((method or "").upper())
    return declared
