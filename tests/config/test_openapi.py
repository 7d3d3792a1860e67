import io

import pytest
from django.core.management import call_command
from django.test import Client

from tests.touchpoints.ingesting import Sender
from touchpoints.api.documentation import ORDER, RETRACTION, VIEW


@pytest.fixture(scope="module")
def document() -> dict:
    return Client().get("/api/schema/", headers={"Accept": "application/json"}).json()


def operations(document: dict) -> list[tuple[str, dict]]:
    return [(f"{verb} {path}", it) for path, verbs in document["paths"].items() for verb, it in verbs.items()]


def test_the_document_is_valid_and_without_a_warning():
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null", stderr=io.StringIO())


def test_every_operation_needs_a_key_and_answers_errors_in_one_shape(document):
    assert len(operations(document)) > 30
    for name, operation in operations(document):
        assert {"apiKey": []} in operation["security"] or {"writeKey": []} in operation["security"], name
        assert "application/problem+json" in operation["responses"]["default"]["content"], name


def test_every_operation_says_what_it_is_about(document):
    for name, operation in operations(document):
        assert operation.get("description") or operation.get("summary"), name


def test_batches_are_documented_with_all_their_answers(document):
    batch = document["paths"]["/api/v1/touchpoints/batch"]["post"]
    assert set(batch["responses"]) >= {"200", "207", "400", "401", "403", "409", "413", "415", "422", "429", "503"}
    schemas = document["components"]["schemas"]
    assert {"message_id", "occurred_at", "replaces"} <= schemas["Event"]["properties"].keys()
    assert {"index", "message_id", "status", "code", "detail"} == schemas["Outcome"]["properties"].keys()


@pytest.mark.django_db
def test_the_examples_work(settings):
    from touchpoints.actions import seed_vocabulary

    seed_vocabulary()
    assert Sender.new().items(ORDER, VIEW, RETRACTION) == [("created", "")] * 3
