"""What the OpenAPI document says about batches; config.openapi adds the schemas that are named here."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from accounts.api.problems import CONTENT_TYPE
from touchpoints.decoding import MOST_BYTES, MOST_BYTES_PER_ITEM, MOST_ITEMS

REQUEST = {
    "type": "object",
    "required": ["touchpoints"],
    "additionalProperties": False,
    "properties": {
        "touchpoints": {"type": "array", "maxItems": MOST_ITEMS, "items": {"$ref": "#/components/schemas/Event"}}
    },
}
ANSWER = {
    "type": "object",
    "required": ["items"],
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Outcome"}}},
}
PROBLEM = {"$ref": "#/components/schemas/Problem"}
NONE_STORED = {"allOf": [PROBLEM], "properties": ANSWER["properties"]}
ORDER = {
    "message_id": "order-1001-placed",
    "type": "order_placed",
    "customer": {"user_id": "4711", "email": "anna@example.com"},
    "occurred_at": "2026-03-02T10:00:00.000+01:00",
    "channel": "web",
    "subject": "order:1001",
    "value": "59.90",
    "currency": "EUR",
    "campaign": {"source": "newsletter", "medium": "email", "name": "Frühling"},
    "properties": {"lines": [{"sku": "A-1", "quantity": 2}]},
}
VIEW = {
    "message_id": "0190a1",
    "type": "product_viewed",
    "customer": {"anonymous_id": "d-77"},
    "occurred_at": "2026-03-02T09:58:12.345Z",
    "channel": "web",
    "referrer": "https://www.google.com/",
}
RETRACTION = {
    "message_id": "order-1001-mistake",
    "replaces": "order-1001-placed",
    "occurred_at": "2026-03-02T11:00:00Z",
}


def _problem(text: str) -> dict[tuple[int, str], Any]:
    status, _colon, description = text.partition(": ")
    return {(int(status), CONTENT_TYPE): OpenApiResponse(PROBLEM, description=description)}


batch_documentation = extend_schema(
    operation_id="touchpoint_batch_create",
    tags=["touchpoints"],
    summary="Send touchpoints",
    description=(
        f"At most {MOST_ITEMS} touchpoints, {MOST_BYTES_PER_ITEM // 1024} KB each, {MOST_BYTES // 1024**2} MB in all, "
        "as UTF-8 JSON, plain or gzip. The answer comes after everything is stored. The same `message_id` again is a "
        "`duplicate`, so a batch may be sent again whenever its answer did not arrive."
    ),
    parameters=[
        OpenApiParameter(
            "Idempotency-Key",
            {"type": "string", "minLength": 1, "maxLength": 200},
            OpenApiParameter.HEADER,
            description="1 to 200 characters. The same key with the same body gets the first answer again.",
        )
    ],
    request={"application/json": REQUEST},
    responses={
        200: OpenApiResponse(ANSWER, description="All are stored now, or were before."),
        207: OpenApiResponse(ANSWER, description="Some are rejected; each item says why."),
        **_problem("400: The body as a whole cannot be read."),
        **_problem("401: The key is missing, unknown, expired or revoked."),
        **_problem("403: The key may not write touchpoints, belongs to no source, or its source is switched off."),
        **_problem("409: The same Idempotency-Key is being worked on; see Retry-After."),
        **_problem("413: The body is too large."),
        **_problem("415: Not JSON, not UTF-8, or an encoding other than gzip."),
        (422, CONTENT_TYPE): OpenApiResponse(
            NONE_STORED, description="No touchpoint is valid (see `items`), or the key came before with another body."
        ),
        **_problem("429: Faster than the rate of the source; see Retry-After."),
        **_problem("503: The database does not answer; see Retry-After."),
    },
    examples=[
        OpenApiExample("An order and a visit", {"touchpoints": [ORDER, VIEW]}, request_only=True),
        OpenApiExample("Taking one back", {"touchpoints": [RETRACTION]}, request_only=True),
        OpenApiExample(
            "One of two rejected",
            {
                "items": [
                    {"index": 0, "message_id": "a", "status": "created", "code": "", "detail": ""},
                    {
                        "index": 1,
                        "message_id": "b",
                        "status": "rejected",
                        "code": "invalid",
                        "detail": "Expected `int` <= 2 - at `$.valence`.",
                    },
                ]
            },
            response_only=True,
            status_codes=["207"],
        ),
    ],
)
