"""What belongs to customers: identities, merges, tags, notes."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied

from accounts.api.authentication import Integration
from accounts.api.problems import Problem
from accounts.api.viewsets import Changing, ConditionalViewSet, Creating, Removing
from accounts.models import User
from customers.actions import add_identity, merge_customers, remove_identity, undo_merge
from customers.actions.identities import IdentityTakenError
from customers.api import serializers
from customers.api.conflicts import identity_known
from customers.api.noting import Noted
from customers.api.views import SCOPES
from customers.bearers import hold_tagged
from customers.filters import IdentityFilterSet, MergeFilterSet, NoteFilterSet, TagFilterSet
from customers.identity import Identifier
from customers.models import Identity, Merge, Note, Tag


def _permissions(model: str) -> dict[str, str]:
    verbs = {"GET": "view", "POST": "add", "PATCH": "change", "DELETE": "delete"}
    return {method: f"customers.{verb}_{model}" for method, verb in verbs.items()}


class IdentityViewSet(Noted, Creating, Removing, ConditionalViewSet):
    """Identifiers that lead to customers. Removed is only what was given by hand and no touchpoint came with."""

    scope = SCOPES
    permission = _permissions("identity")
    queryset = Identity.objects.all()
    serializer_class = serializers.IdentitySerializer
    filterset_class = IdentityFilterSet

    def perform_create(self, form: Any) -> Identity:
        given = form.validated_data
        try:
            return add_identity(customer=given["customer"], known_as=Identifier(given["kind"], given["value"]))
        except IdentityTakenError as taken:
            raise identity_known(taken.identity, self.request) from taken

    def perform_destroy(self, row: Identity) -> None:
        try:
            remove_identity(identity=row)
        except ValidationError as refused:
            raise Problem(409, "in_use", " ".join(refused.messages)) from refused


class MergeViewSet(Noted, Creating, Removing, ConditionalViewSet):
    """Records found to be one person. Deleting a merge undoes it; the entry stays and says when."""

    scope = SCOPES
    permission = _permissions("merge") | {"DELETE": "customers.change_merge"}
    queryset = Merge.objects.all()
    serializer_class = serializers.MergeSerializer
    filterset_class = MergeFilterSet

    def people_of(self, row: Merge) -> tuple[int, ...]:
        return row.kept_id, row.merged_id

    def perform_create(self, form: Any) -> Merge:
        try:
            return merge_customers(**form.validated_data, by=_user_of(self.request.user))
        except ValidationError as refused:
            raise Problem(409, str(refused.code), " ".join(refused.messages)) from refused

    def perform_destroy(self, row: Merge) -> None:
        if row.undone_at:
            raise Problem(409, "undone", "This merge was undone already.")
        undo_merge(merge=row, by=_user_of(self.request.user))


class TagViewSet(Creating, Changing, Removing, ConditionalViewSet):
    """The words that staff and systems put on customers, by their key."""

    scope = SCOPES
    permission = _permissions("tag")
    queryset = Tag.objects.all()
    serializer_class = serializers.TagSerializer
    filterset_class = TagFilterSet
    lookup_field = "key"
    lookup_value_regex = r"[-\w]{1,60}"

    def hold(self, row: Tag) -> None:
        if self.request.method == "DELETE":
            hold_tagged(instance=row)


class NoteViewSet(Noted, Creating, Changing, Removing, ConditionalViewSet):
    """What people and systems wrote down. Only who wrote a note changes or deletes it."""

    scope = SCOPES
    permission = _permissions("note")
    queryset = Note.objects.select_related("api_key")
    serializer_class = serializers.NoteSerializer
    filterset_class = NoteFilterSet

    def perform_create(self, form: Any) -> Note:
        writer: Any = self.request.user
        by = {"api_key": writer.api_key} if isinstance(writer, Integration) else {"author": writer}
        note: Note = form.save(**by)
        note.refresh_from_db()
        return note

    def perform_update(self, form: Any) -> None:
        self._check_own(form.instance)
        form.save(edited_at=timezone.now())

    def perform_destroy(self, row: Note) -> None:
        self._check_own(row)
        row.delete()

    def _check_own(self, note: Note) -> None:
        writer: Any = self.request.user
        is_own = note.api_key == writer.api_key if isinstance(writer, Integration) else note.author_id == writer.pk
        if not is_own:
            raise PermissionDenied("Only who wrote a note changes or deletes it.")


def _user_of(caller: Any) -> User | None:
    """A key is no user: what it does stands under nobody's name."""
    return None if isinstance(caller, Integration) else caller
