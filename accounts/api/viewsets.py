from datetime import UTC
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from accounts.api.etags import changed_fields, etag_of, is_known
from accounts.api.problems import Problem

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=(
        "The `ETag` of the last answer, or `*`. Missing: 428. Changed since: 412, where `changed` holds the fields "
        "that differ with their values now and `etag` the new ETag."
    ),
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The `ETag` you have: 304 when it still holds."
)


class InUtc(APIView):
    """Times of the API are read and written in UTC, whatever zone the pages speak."""

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(UTC):
            return super().dispatch(*args, **kwargs)


class ReadOnlyViewSet(InUtc, ReadOnlyModelViewSet[Any]):
    """Queryset + serializer + filterset, with `scope` for keys and `permission` for staff."""

    # No id has more digits, so no path reaches the database with a number that it cannot hold.
    lookup_value_regex = "[0-9]{1,18}"


class ConditionalViewSet(ReadOnlyViewSet):
    """GET of one says in which state it is (ETag); who changes that state names it (If-Match)."""

    is_holding = False

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_for_update(of=("self",), no_key=True) if self.is_holding else rows

    @extend_schema(parameters=[IF_NONE_MATCH])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer = self.answer(self.get_object())
        if is_known(answer["ETag"], request.headers.get("If-None-Match", "")):
            return Response(status=304, headers={"ETag": answer["ETag"]})
        return answer

    def answer(self, row: Any, *, status: int = 200) -> Response:
        shown = self.get_serializer(row).data
        answer = Response(shown, status=status, headers={"ETag": etag_of(shown)})
        if status == 201:
            kwarg = self.lookup_url_kwarg or self.lookup_field
            args = {kwarg: getattr(row, self.lookup_field)}
            answer["Location"] = reverse(f"{self.basename}-detail", kwargs=args, request=self.request)
        return answer

    def held(self, request: Request) -> Any:
        """The row, locked and in the state that the request names."""
        header = request.headers.get("If-Match")
        if header is None:
            raise Problem(428, "if_match_missing", "Send the ETag of the last answer as If-Match.")
        self.hold(self.get_object())
        self.is_holding = True
        row = self.get_object()
        shown = self.get_serializer(row).data
        if not is_known(etag_of(shown), header):
            changed = {name: shown[name] for name in changed_fields(shown, header)}
            detail = "It was changed since you read it; nothing was stored. Look at `changed`, then send it again."
            raise Problem(412, "changed_since", detail, changed=changed, etag=etag_of(shown))
        return row

    def hold(self, row: Any) -> None:
        """What stands before the row in the order of locks; the row itself is locked, and read again, after it."""


class Creating(GenericViewSet[Any]):
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        with transaction.atomic():
            row = self.perform_create(form)
        return self.answer(row, status=201)  # type: ignore[attr-defined, no-any-return]

    def perform_create(self, form: Any) -> Any:
        return form.save()


class Changing(GenericViewSet[Any]):
    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with transaction.atomic():
            row = self.held(request)  # type: ignore[attr-defined]
            form = self.get_serializer(row, data=request.data, partial=True)
            form.is_valid(raise_exception=True)
            self.perform_update(form)
            return self.answer(self.get_object())  # type: ignore[attr-defined, no-any-return]

    def perform_update(self, form: Any) -> None:
        form.save()


class Removing(GenericViewSet[Any]):
    @extend_schema(parameters=[IF_MATCH])
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with transaction.atomic():
            self.perform_destroy(self.held(request))  # type: ignore[attr-defined]
        return Response(status=204)

    def perform_destroy(self, row: Any) -> None:
        row.delete()
