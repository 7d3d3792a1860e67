"""Cases and what belongs to them. A change of state puts or deletes a noun of the case."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import Integration
from accounts.api.fields import KeyField
from accounts.api.personal import PseudonymousSerializer
from accounts.api.problems import Problem
from accounts.api.strict import StrictSerializer
from accounts.api.viewsets import IF_MATCH, Changing, ConditionalViewSet, Creating, ReadOnlyViewSet, Removing
from accounts.models import Brand, Scope, User
from customers.api.noting import Noted
from touchpoints import filters
from touchpoints.actions import case_parts, cases
from touchpoints.models import Case, CaseComment, CaseLink, CaseReason
from touchpoints.models.case import CasePriority
from touchpoints.models.case_reason import ReasonKind

# What is written is answered, with what people said: so a key that writes must be allowed to read both.
WRITING = (Scope.TOUCHPOINTS_READ, Scope.CUSTOMERS_READ, Scope.CASES_WRITE)
SCOPES = {"GET": Scope.TOUCHPOINTS_READ, "POST": WRITING, "PATCH": WRITING, "PUT": WRITING, "DELETE": WRITING}
PERMISSIONS = {
    "GET": "touchpoints.view_case",
    "POST": "touchpoints.add_case",
    "PATCH": "touchpoints.change_case",
    "PUT": "touchpoints.change_case",
    "DELETE": "touchpoints.change_case",
}


class CaseSerializer(PseudonymousSerializer, StrictSerializer):
    """`due_at` null: by the priority and the business hours."""

    root_cause = KeyField()
    resolution = KeyField()
    person = serializers.IntegerField(source="customer.canonical_id", read_only=True)
    brand = serializers.PrimaryKeyRelatedField(queryset=Brand.objects.all(), required=False)
    owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), allow_null=True, required=False
    )
    priority = serializers.IntegerField(
        min_value=CasePriority.LOW, max_value=CasePriority.URGENT, required=False, help_text="1 low … 4 urgent"
    )

    class Meta:
        model = Case
        fields = (
            "id", "brand", "number", "customer", "person", "kind", "title", "description", "state", "priority", "owner",
            "team", "due_at", "is_due_by_hand", "related_subject", "root_cause", "resolution", "resolution_note",
            "created_at", "resolved_at",
        )  # fmt: skip
        read_only_fields = (
            "id", "number", "state", "is_due_by_hand", "resolution_note", "created_at", "resolved_at",
        )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("customer", "brand"):
            if self.instance and name in attrs and attrs[name] != getattr(self.instance, name):
                raise serializers.ValidationError({name: "It stays with its case. Open a new one instead."})
        return super().validate(attrs)


class ReasonField(serializers.SlugRelatedField[CaseReason]):
    def __init__(self, kind: str, **options: Any) -> None:
        self.kind = kind
        super().__init__(slug_field="key", **options)

    def get_queryset(self) -> Any:
        return CaseReason.objects.offered(self.kind)


class ResolutionSerializer(StrictSerializer):
    root_cause = ReasonField(ReasonKind.ROOT_CAUSE, queryset=CaseReason.objects.all(), allow_null=False)
    resolution = ReasonField(ReasonKind.RESOLUTION, queryset=CaseReason.objects.all(), allow_null=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=10_000)

    class Meta:
        model = Case
        fields = ("root_cause", "resolution", "note")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return attrs  # the action asks the case, which is not known here


class CaseReasonSerializer(serializers.ModelSerializer[CaseReason]):
    parent = KeyField()  # type: ignore[assignment]

    class Meta:
        model = CaseReason
        fields = ("id", "kind", "key", "parent", "label_de", "label_en", "is_active")


class CaseCommentSerializer(PseudonymousSerializer, StrictSerializer):
    api_key = KeyField(slug_field="name", help_text="The system that wrote it.")

    class Meta:
        model = CaseComment
        fields = ("id", "case", "text", "author", "api_key", "created_at")
        read_only_fields = ("id", "author", "created_at")


class CaseLinkSerializer(StrictSerializer):
    """Either a `subject` or a `touchpoint`."""

    class Meta:
        model = CaseLink
        fields = ("id", "case", "subject", "touchpoint", "created_at")
        read_only_fields = ("id", "created_at")
        validators = ()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return attrs  # linked before is no mistake: the action knows


class CaseViewSet(Noted, Creating, Changing, ConditionalViewSet):
    """What agents bring to an end."""

    scope = SCOPES
    permission = PERMISSIONS
    queryset = Case.objects.select_related("customer", "root_cause", "resolution")
    serializer_class = CaseSerializer
    filterset_class = filters.CaseFilterSet

    def perform_create(self, form: Any) -> Case:
        opened = cases.open_case(by=user_of(self.request), **form.validated_data)
        return self.get_queryset().get(pk=opened.pk)  # type: ignore[no-any-return]

    def perform_update(self, form: Any) -> None:
        given = {name: value for name, value in form.validated_data.items() if name in cases.CHANGEABLE}
        cases.change_case(case=form.instance, by=user_of(self.request), **given)

    @extend_schema(parameters=[IF_MATCH], request=ResolutionSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["put"], url_path="resolution", serializer_class=CaseSerializer)
    def resolution(self, request: Request, **kwargs: Any) -> Response:
        """It is solved: why it happened and what helped, by keys of `/case-reasons/`."""
        form = ResolutionSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return self._moved(request, lambda case, by: cases.resolve_case(case=case, by=by, **form.validated_data))

    @extend_schema(parameters=[IF_MATCH], request=None, responses=CaseSerializer)
    @resolution.mapping.delete
    def reopen(self, request: Request, **kwargs: Any) -> Response:
        """Open again; due anew from now."""
        return self._moved(request, lambda case, by: cases.reopen_case(case=case, by=by))

    @extend_schema(parameters=[IF_MATCH], request=None, responses=CaseSerializer)
    @action(detail=True, methods=["put"], url_path="waiting", serializer_class=CaseSerializer)
    def waiting(self, request: Request, **kwargs: Any) -> Response:
        """It waits for the customer."""
        return self._moved(request, lambda case, by: cases.wait_for_customer(case=case, by=by))

    @extend_schema(parameters=[IF_MATCH], request=None, responses=CaseSerializer)
    @waiting.mapping.delete
    def resume(self, request: Request, **kwargs: Any) -> Response:
        """It goes on."""
        return self._moved(request, lambda case, by: cases.resume_case(case=case, by=by))

    @extend_schema(parameters=[IF_MATCH], request=None, responses=CaseSerializer)
    @action(detail=True, methods=["put"], url_path="closure", serializer_class=CaseSerializer)
    def closure(self, request: Request, **kwargs: Any) -> Response:
        """Nothing more is to come."""
        return self._moved(request, lambda case, by: cases.close_case(case=case, by=by))

    def _moved(self, request: Request, move: Callable[[Case, User | None], Case]) -> Response:
        with transaction.atomic():
            case = self.held(request)
            try:
                move(case, user_of(request))
            except ValidationError as refused:
                raise Problem(409, "wrong_state", " ".join(refused.messages)) from refused
            return self.answer(self.get_object())


class CaseReasonViewSet(ReadOnlyViewSet):
    """The trees of root causes and resolutions that staff curate."""

    scope = Scope.TOUCHPOINTS_READ
    permission = "touchpoints.view_casereason"
    queryset = CaseReason.objects.select_related("parent")
    serializer_class = CaseReasonSerializer
    filterset_fields = ("kind", "key", "is_active")


class CaseCommentViewSet(Noted, Creating, ConditionalViewSet):
    """What colleagues and systems wrote to cases; stays as it was written."""

    scope = SCOPES
    permission = PERMISSIONS
    queryset = CaseComment.objects.select_related("api_key", "case")
    serializer_class = CaseCommentSerializer
    filterset_fields = ("case",)

    def people_of(self, row: CaseComment) -> Iterable[int | None]:
        return (row.case.customer_id,)

    def perform_create(self, form: Any) -> CaseComment:
        writer: Any = self.request.user
        key = writer.api_key if isinstance(writer, Integration) else None
        return case_parts.comment_on_case(**form.validated_data, by=user_of(self.request), api_key=key)


class CaseLinkViewSet(Creating, Removing, ConditionalViewSet):
    """What else belongs to cases: orders, other cases, single touchpoints."""

    scope = SCOPES
    permission = PERMISSIONS
    queryset = CaseLink.objects.select_related("case")
    serializer_class = CaseLinkSerializer
    filterset_fields = ("case", "subject", "touchpoint")

    def perform_create(self, form: Any) -> CaseLink:
        return case_parts.link_case(**form.validated_data, by=user_of(self.request))

    def perform_destroy(self, row: CaseLink) -> None:
        case_parts.unlink_case(link=row, by=user_of(self.request))


def user_of(request: Request) -> User | None:
    """A key is no user: what it does stands under nobody's name."""
    user: Any = request.user
    return None if isinstance(user, Integration) else user
