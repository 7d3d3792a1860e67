"""The OpenAPI document and its page."""

from collections.abc import Collection
from typing import Any

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.api.personal import PseudonymousSerializer
from accounts.api.problems import CONTENT_TYPE
from accounts.api.viewsets import IF_NONE_MATCH
from touchpoints.batch import Outcome
from touchpoints.event import Event

REFERENCE = "#/components/schemas/{name}"
PROBLEM = {
    "type": "object",
    "description": "The one shape of all errors (RFC 9457). Some carry more members, such as `errors` or `items`.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["Unprocessable Entity"]},
        "status": {"type": "integer", "examples": [422]},
        "code": {"type": "string", "description": "For programs.", "examples": ["no_valid_item"]},
        "detail": {"type": "string", "description": "For people."},
    },
}
ANY_PROBLEM = {
    "description": "Anything else: one shape for all errors.",
    "content": {CONTENT_TYPE: {"schema": {"$ref": REFERENCE.format(name="Problem")}}},
}
WITHOUT_NUL = r"^[^\u0000]*$"
NOT_MODIFIED = {"description": "It is still as your `If-None-Match` says."}

schema_view = SpectacularAPIView.as_view()
docs_view = SpectacularSwaggerSplitView.as_view(url_name="api-schema")


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer kp_…`."}


class WriteKeyScheme(ApiKeyScheme):  # type: ignore[no-untyped-call]
    target_class = "touchpoints.api.writers.WriteKeyAuthentication"
    name = "writeKey"


def complete(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Postprocessing: the shapes that msgspec knows, and the answer of every error."""
    _schemas, of_batches = msgspec.json.schema_components([Event, Outcome], ref_template=REFERENCE)
    schemas = result["components"]["schemas"]
    schemas |= of_batches | {"Problem": PROBLEM}
    for serializer in PseudonymousSerializer.__subclasses__():
        _make_optional(schemas[serializer.__name__.removesuffix("Serializer")], serializer.personal_fields())
    for operations in result["paths"].values():
        for operation in operations.values():
            _complete(operation)
    return result


def _make_optional(schema: dict[str, Any], names: Collection[str]) -> None:
    """Not every reader is shown them."""
    schema["required"] = [name for name in schema["required"] if name not in names]


def _complete(operation: dict[str, Any]) -> None:
    operation["responses"].setdefault("default", ANY_PROBLEM)
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        if parameter["name"] == IF_NONE_MATCH.name:
            operation["responses"]["304"] = NOT_MODIFIED
        # A filter without a value is refused: it would answer with everything.
        if parameter["in"] == "query" and schema.get("type") == "string" and parameter["name"] != "cursor":
            schema.setdefault("minLength", 1)
            if not {"format", "enum", "pattern"} & schema.keys():
                schema["pattern"] = WITHOUT_NUL
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
