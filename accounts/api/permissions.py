from collections.abc import Mapping
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.api.authentication import Integration

READING = {"HEAD", "OPTIONS"}


class HasScopeOrPermission(BasePermission):
    """Default deny: a view names `scope` (for keys) and `permission` (for staff); a view naming neither is closed.

    Either may be a dictionary by request method, and a scope a tuple of which all are needed.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        user: Any = request.user
        if isinstance(user, Integration):
            scopes = _for_method(getattr(view, "scope", None), request.method)
            needed = (scopes,) if isinstance(scopes, str) else scopes
            return bool(needed) and all(user.has_scope(scope) for scope in needed)
        permission = _for_method(getattr(view, "permission", None), request.method)
        return bool(permission is not None and user and user.is_authenticated and user.has_perm(permission))


def _for_method(declared: Any, method: str | None) -> Any:
    if isinstance(declared, Mapping):
        verb = (method or "").upper()
        return declared.get("GET" if verb in READING else verb)
    return declared
