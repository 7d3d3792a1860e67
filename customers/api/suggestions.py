from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import Integration
from accounts.api.problems import Problem
from accounts.api.viewsets import ConditionalViewSet
from customers.actions import AlreadyDecidedError, decide, reopen
from customers.api.noting import Noted
from customers.api.views import SCOPES
from customers.filters import MergeSuggestionFilterSet
from customers.models import MergeSuggestion
from customers.models.suggestion import Decision, SuggestionState


class MergeSuggestionSerializer(serializers.ModelSerializer[MergeSuggestion]):
    is_one_person = serializers.BooleanField(
        read_only=True,
        help_text="Whether the two stand for one person now: also by a merge made elsewhere, and no more once undone.",
    )

    class Meta:
        model = MergeSuggestion
        fields = (
            "id", "one", "other", "score", "reasons", "state", "is_one_person", "ask_again_on", "decided_by",
            "decided_at", "merge", "created_at",
        )  # fmt: skip


class DecisionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=Decision.choices)
    kept = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=2**63 - 1,
        help_text="With `merge`: which of the two records goes on standing for the person.",
    )


class MergeSuggestionViewSet(Noted, ConditionalViewSet):
    """Pairs of records that may be one person, with the likelihood (`score`, 0 to 1) and what they have in common."""

    scope = SCOPES
    permission = {  # noqa: RUF012
        "GET": "customers.view_mergesuggestion",
        "PUT": "customers.change_mergesuggestion",
        "DELETE": "customers.change_mergesuggestion",
    }
    queryset = MergeSuggestion.objects.select_related("one", "other")
    serializer_class = MergeSuggestionSerializer
    filterset_class = MergeSuggestionFilterSet

    def people_of(self, row: MergeSuggestion) -> tuple[int, ...]:
        return row.one_id, row.other_id

    @extend_schema(request=DecisionSerializer, responses=MergeSuggestionSerializer)
    @action(detail=True, methods=["put"])
    def decision(self, request: Request, **kwargs: Any) -> Response:
        """Merge the two, keep them apart, or ask again in two weeks. The same once more changes nothing.

        What somebody decided otherwise is not overruled: 409 `already_decided` with the `state` it is in. Two who are
        one person by a merge made elsewhere are left alone, too: 409 `one_person`; undo that merge first. What was
        merged here and undone elsewhere may be decided anew.
        """
        form = DecisionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        suggestion: MergeSuggestion = self.get_object()
        decision = Decision(form.validated_data["decision"])
        kept = form.validated_data.get("kept")
        if not suggestion.is_so(decision, kept=kept, today=timezone.localdate()):
            self._decide(suggestion, decision, kept=kept)
        return self.answer(self.get_object())

    @extend_schema(request=None, responses={200: MergeSuggestionSerializer})
    @decision.mapping.delete
    def reopening(self, request: Request, **kwargs: Any) -> Response:
        """Take the decision back: its merge is undone, the suggestion is open. Once more changes nothing."""
        suggestion: MergeSuggestion = self.get_object()
        if suggestion.state != SuggestionState.OPEN:
            try:
                reopen(suggestion=suggestion, by=self._user())
            except ValidationError as refused:
                raise _problem(refused) from refused
        return self.answer(self.get_object())

    def _decide(self, suggestion: MergeSuggestion, decision: Decision, *, kept: int | None) -> None:
        try:
            decide(suggestion=suggestion, decision=decision, kept=kept, by=self._user())
        except ValidationError as refused:
            raise _problem(refused) from refused

    def _user(self) -> Any:
        """A key is no user: what it decides stands under nobody's name."""
        return None if isinstance(self.request.user, Integration) else self.request.user


def _problem(refused: ValidationError) -> Exception:
    if isinstance(refused, AlreadyDecidedError):
        suggestion = refused.suggestion
        detail = "Somebody decided otherwise already; nothing was done."
        return Problem(409, "already_decided", detail, state=suggestion.state, decided_at=suggestion.decided_at)
    if refused.code == "kept":
        return serializers.ValidationError({"kept": ["Name one of the two records of the suggestion."]})
    return Problem(409, str(refused.code), " ".join(refused.messages))
