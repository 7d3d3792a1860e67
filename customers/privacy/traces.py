"""Finding a person in text that nobody has taken apart: by the identifiers they have, in any case."""

from typing import Any

from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Lower

from customers.privacy.person import Person


class _Printable(Func):
    """Bytes that hold NUL or half a character, as text: what can be printed stands as it is."""

    function = "encode"
    template = "%(function)s(%(expressions)s, 'escape')"
    output_field = TextField()


def traced(rows: QuerySet[Any], person: Person, *fields: str, bytes_field: str = "") -> QuerySet[Any]:
    """Those of the rows in whose fields (text, JSON, or one of bytes) a trace of the person stands."""
    traces = person.traces
    if not traces:
        return rows.none()
    texts = {f"text_of_{name}": Lower(Cast(F(name), TextField())) for name in fields}
    if bytes_field:
        texts["text_of_bytes"] = Lower(_Printable(F(bytes_field)))
    found = Q()
    for trace in traces:
        for name in texts:
            found |= Q(**{f"{name}__contains": _printed(trace) if name == "text_of_bytes" else trace})
    told: QuerySet[Any] = rows.alias(**texts).filter(found)
    return told


def _printed(trace: str) -> Func:
    return Lower(_Printable(Value(trace.encode())))
