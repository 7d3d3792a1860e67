"""Reads the JSON of a request, and nothing that the database could not hold or a second reader would read otherwise."""

import re
from typing import Any

from rest_framework.parsers import JSONParser

from accounts.api.problem import Problem
from accounts.strict_json import BYTE_ORDER_MARK, DEEPEST, LARGEST_INTEGER, is_storable, strictly_read

MOST_BYTES = 64 * 1024


class StrictJSONParser(JSONParser):
    """One object in UTF-8, each key once."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        _check_charset(media_type or "")
        body: bytes = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise Problem(413, "too_large", f"A body has at most {MOST_BYTES} bytes.")
        value = _decoded(body.removeprefix(BYTE_ORDER_MARK))
        if not isinstance(value, dict):
            raise Problem(400, "malformed", "The body must be one JSON object.")
        _check(value, depth=1)
        return value


def _check_charset(media_type: str) -> None:
    _type, _separator, parameters = media_type.partition(";")
    charset = re.search(r'charset\s*=\s*"?([^";\s]+)', parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise Problem(415, "unsupported_charset", "Send UTF-8.")


def _decoded(body: bytes) -> Any:
    try:
        return strictly_read(body.decode())
    except RecursionError:
        raise Problem(400, "malformed", "The body is nested too deeply.") from None
    except ValueError as error:
        raise Problem(400, "malformed", f"The body is not JSON in UTF-8: {error}.") from None


def _check(value: Any, *, depth: int) -> None:
    if depth > DEEPEST:
        raise Problem(422, "too_deep", f"The body is nested at most {DEEPEST} deep.")
    if isinstance(value, str) and not is_storable(value):
        raise Problem(422, "unstorable_text", "A text or key holds NUL or half a character.")
    if isinstance(value, dict):
        for part in (*value.keys(), *value.values()):
            _check(part, depth=depth + 1)
    elif isinstance(value, list):
        for part in value:
            _check(part, depth=depth + 1)
    elif isinstance(value, int | float) and not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        raise Problem(422, "number_out_of_range", "A number is infinite or has more than 17 digits.")
