"""Finding a person in text that nobody has taken apart: by the identifiers they have, in any case, or by name."""

import json
import re
from typing import Any

from django.db.models import F, Func, Q, QuerySet, TextField
from django.db.models.functions import Cast, Lower

from customers.privacy.person import Person

BACKSLASH = 92


class _Printable(Func):
    """Bytes that hold NUL or half a character, as text: what can be printed stands as it is."""

    function = "encode"
    template = "%(function)s(%(expressions)s, 'escape')"
    output_field = TextField()


def traced(
    rows: QuerySet[Any], person: Person, *fields: str, bytes_field: str = "", is_by_name: bool = False
) -> QuerySet[Any]:
    """Those of the rows in whose fields (text, JSON, or one of bytes) a trace of the person stands.

    By name is for deleting alone: it finds a namesake as well, of whom nobody else may be told.
    """
    texts = {f"text_of_{name}": Lower(Cast(F(name), TextField())) for name in fields}
    if bytes_field:
        texts["text_of_bytes"] = Lower(_Printable(F(bytes_field)))
    found = Q()
    for name in texts:
        is_bytes = name == "text_of_bytes"
        for trace in person.traces:
            found |= Q(**{f"{name}__contains": _printed(trace) if is_bytes else trace})
        for parts in person.names if is_by_name else ():
            found |= Q(*(_word(name, part, is_bytes=is_bytes) for part in parts))
    told: QuerySet[Any] = rows.alias(**texts).filter(found) if found else rows.none()
    return told


def _word(text: str, word: str, *, is_bytes: bool) -> Q:
    """The whole word, also as JSON without umlauts spells it; in bytes the case of an umlaut is not folded."""
    spelled = {form for it in (word.lower(), word, word.upper()) for form in (it, json.dumps(it)[1:-1])}
    forms = {_printed(it).lower() if is_bytes else it.lower() for it in spelled}
    either = "|".join(re.escape(form) for form in sorted(forms))
    return Q(**{f"{text}__regex": rf"(^|[^[:alnum:]])({either})([^[:alnum:]]|$)"})


def _printed(text: str) -> str:
    """As PostgreSQL prints the bytes of it."""
    return "".join(
        "\\\\" if byte == BACKSLASH else chr(byte) if 0 < byte < 128 else f"\\{byte:03o}" for byte in text.encode()
    )
