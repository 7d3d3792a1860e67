"""Apart from accounts.api.problems, so that the parser which the REST framework loads first may raise it."""

from typing import Any

from rest_framework.exceptions import APIException


class Problem(APIException):  # noqa: N818 (the name of the standard)
    """Raise it anywhere in the API; `extra` members stand beside the standard ones."""

    def __init__(self, status: int, code: str, detail: str, *, retry_after: int | None = None, **extra: Any) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.extra = extra
        if retry_after is not None:
            self.wait = retry_after  # becomes the header Retry-After
