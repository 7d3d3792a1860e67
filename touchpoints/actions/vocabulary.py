"""Curating the types. What depends on their meaning is computed again in the background, quietly."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from touchpoints.actions.rereading import reread
from touchpoints.models import TouchpointType
from touchpoints.models.vocabulary import TypeState
from touchpoints.vocabulary import TYPES

BUILT_IN = {word.key for word in TYPES}


@transaction.atomic
def change_type(*, type: TouchpointType) -> TouchpointType:
    """Save what staff typed. Words, phase and usual valence count from the next look on; a usual channel is what
    touchpoints without one are read with, so what depends on it is computed again."""
    before = TouchpointType.objects.select_for_update(of=("self",), no_key=True).get(pk=type.pk)
    type.full_clean()
    type.save()
    if before.channel_id != type.channel_id:
        reread(type=type, type_ids=TouchpointType.objects.like(type).ids())
    return type


@transaction.atomic
def classify_type(*, type: TouchpointType, **meaning: Any) -> TouchpointType:
    """Say what a type means that arrived unknown."""
    for name, value in meaning.items():
        setattr(type, name, value)
    type.state = TypeState.ACTIVE
    return change_type(type=type)


@transaction.atomic
def merge_type(*, type: TouchpointType, into: TouchpointType) -> TouchpointType:
    """From now on this type means the other one. Its touchpoints, and those that still arrive under its name, keep it,
    so that the merge can be undone exactly; whoever asks what they mean is told the other."""
    types = _held()
    type, into = types[type.pk], types[into.pk]
    if type.key in BUILT_IN:
        said = _("“%(type)s” belongs to the words Kundenpfad itself uses. Merge the other type into this one instead.")
        raise ValidationError(said % {"type": type})
    if type.merged_into_id is not None:
        raise ValidationError(_("“%(type)s” is merged already.") % {"type": type})
    if into.pk == type.pk or into.canonical_id == type.pk:
        raise ValidationError(_("“%(type)s” cannot be merged into itself.") % {"type": type})
    type.merged_into = into
    type.save(update_fields=["merged_into"])
    _settle(types, changed=type)
    return type


@transaction.atomic
def undo_type_merge(*, type: TouchpointType) -> TouchpointType:
    types = _held()
    type = types[type.pk]
    if type.merged_into_id is None:
        raise ValidationError(_("“%(type)s” is not merged.") % {"type": type})
    type.merged_into = None
    type.save(update_fields=["merged_into"])
    _settle(types, changed=type)
    return type


def _held() -> dict[int, TouchpointType]:
    """All types, held: two merges at once must not make a ring."""
    held = TouchpointType.objects.order_by("pk").select_for_update(of=("self",), no_key=True)
    return {type.pk: type for type in held}


def _settle(types: dict[int, TouchpointType], *, changed: TouchpointType) -> None:
    """Let every type know what it stands for in the end, and read again what now stands for something else."""
    moved = []
    for type in types.values():
        end = type
        while end.merged_into_id is not None:
            end = types[end.merged_into_id]
        if type.canonical_id != end.pk:
            type.canonical = end
            moved.append(type)
    TouchpointType.objects.bulk_update(moved, ["canonical"])
    reread(type=changed, type_ids=[type.pk for type in moved])
