"""The journey templates every installation starts with, one TOML file each."""

import tomllib
from importlib.resources import files
from typing import Any

from django.db import transaction

from journeys.models import ExpectedTouchpoint, Journey, JourneyVersion, Stage
from journeys.models.stage import Role
from touchpoints.models import TouchpointType


def library() -> list[dict[str, Any]]:
    found = sorted(files(__name__).iterdir(), key=lambda file: file.name)
    return [tomllib.loads(file.read_text("utf-8")) for file in found if file.name.endswith(".toml")]


@transaction.atomic
def create_draft(content: dict[str, Any]) -> JourneyVersion:
    """The journey of one library file as a first draft; needs the vocabulary."""
    types = {kind.key: kind for kind in TouchpointType.objects.all()}
    stages, end_types = content.pop("stages"), content.pop("end_types")
    inactivity_days = content.pop("inactivity_days")
    journey = Journey.objects.create(**content)
    version = JourneyVersion.objects.create(journey=journey, inactivity_days=inactivity_days)
    version.end_types.set(types[key] for key in end_types)
    for position, fields in enumerate(stages, start=1):
        rules = {role: fields.pop(role.value, []) for role in Role}
        stage = Stage.objects.create(version=version, position=position, **fields)
        ExpectedTouchpoint.objects.bulk_create(
            ExpectedTouchpoint(stage=stage, type=types[key], role=role) for role, keys in rules.items() for key in keys
        )
    return version
