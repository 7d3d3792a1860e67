import hashlib
from http import HTTPStatus

import msgspec
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.problems import Problem
from accounts.models import Scope
from accounts.strict_json import is_storable
from touchpoints.actions import InProgressError, KeyReusedError, Once, ingest_batch
from touchpoints.api.bodies import body_of
from touchpoints.api.documentation import batch_documentation
from touchpoints.api.writers import WriteKeyAuthentication, source_of, take
from touchpoints.batch import Outcome, status_of
from touchpoints.decoding import MalformedBatchError, decoding, items_of

LONGEST_KEY = 200


class TouchpointBatchView(APIView):
    authentication_classes = (WriteKeyAuthentication,)
    scope = Scope.TOUCHPOINTS_WRITE

    @batch_documentation
    def post(self, request: Request) -> Response:
        source = source_of(request)
        body = body_of(request)
        once = _once(request, body)
        try:
            with decoding:
                items = items_of(body)
        except MalformedBatchError as error:
            raise Problem(400, "malformed", str(error)) from None
        take(source, count=len(items))
        try:
            outcomes = ingest_batch(source=source, items=items, now=timezone.now(), once=once)
        except InProgressError:
            raise Problem(409, "in_progress", "The same Idempotency-Key is being worked on.", retry_after=1) from None
        except KeyReusedError:
            raise Problem(422, "key_reused", "This Idempotency-Key came before with another body.") from None
        return _answer(outcomes)


def _once(request: Request, body: bytes) -> Once | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY or not is_storable(key):
        raise Problem(400, "invalid_key", f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.")
    return Once(key, hashlib.sha256(body).digest())


def _answer(outcomes: list[Outcome]) -> Response:
    items, status = msgspec.to_builtins(outcomes), status_of(outcomes)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        raise Problem(422, "no_valid_item", "No touchpoint of the batch was stored; see items.", items=items)
    return Response({"items": items}, status)
