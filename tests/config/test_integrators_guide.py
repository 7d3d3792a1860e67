"""The guide for integrators is held against the code."""

import json
import re
from pathlib import Path

import pytest

from accounts.models import Scope
from tests.touchpoints.ingesting import Sender
from touchpoints.actions import seed_vocabulary
from touchpoints.event import Event

GUIDE = (Path(__file__).parent.parent.parent / "docs/integrators.md").read_text()


def test_it_names_every_field_and_scope():
    for name in (*Event.__struct_fields__, *(scope for scope in Scope.values if scope != "customers:write")):
        assert f"`{name}`" in GUIDE, name


@pytest.mark.parametrize("code", ["conflict", "unknown_fields", "invalid", "out_of_time", "too_deep"])
def test_it_names_the_codes(code):
    assert f"`{code}`" in GUIDE


@pytest.mark.django_db
def test_its_example_works_as_written():
    seed_vocabulary()
    (body,) = re.findall(r"-d '(.*?)'", GUIDE, flags=re.DOTALL)
    (answer,) = re.findall(r"```json\n(.*?)```", GUIDE, flags=re.DOTALL)
    assert Sender.new().send_body(body.encode()).json() == json.loads(answer)
