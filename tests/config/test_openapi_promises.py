"""The API keeps what its document says, whatever it is sent: schemathesis with every check that it has."""

import random
from collections import Counter
from typing import Any

import pytest
import schemathesis
from pytest_django.live_server_helper import LiveServer
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from accounts.actions import issue_api_key
from accounts.models import Scope
from tests.everything import make_everything
from tests.factories import make_source, make_write_key
from touchpoints.actions import seed_vocabulary

pytestmark = pytest.mark.django_db(transaction=True)
# Of each operation, besides those that its parameters alone suggest.
EXAMPLES = 100
ALL_PHASES = ("examples", "coverage", "fuzzing", "stateful")
# What no document can tell: whether a row exists, is unique, somebody else's, was changed since, or lies outside
# what people would say.
REFUSALS = ["400", "403", "409", "412", "422", "428"]
TAKEN = ["2xx", "3xx", "401", "403", "404"]
CHECKS = {
    # 428 says that the header is missing; 404 comes first where there is nothing to change.
    "missing_required_header": {"expected-statuses": ["400", "401", "403", "404", "406", "415", "422", "428"]},
    "positive_data_acceptance": {"expected-statuses": TAKEN},
    "negative_data_rejection": {"expected-statuses": ["401", "403", "404", "405", "406", "413", "415", *REFUSALS]},
}
WRITING = {"positive_data_acceptance": {"expected-statuses": [*TAKEN, *REFUSALS]}}
# Which parameters a figure knows depends on the figure.
OPERATIONS = [
    {"include-method": ["POST", "PUT", "PATCH", "DELETE"], "checks": WRITING},
    {"include-path": "/api/v1/kpis/{key}/", "checks": WRITING},
]


def test_it_keeps_its_promises(live_server: LiveServer):
    asked, found = examined(live_server, Scope.values, examples=2, phases=("fuzzing",), seed=20_261_122)
    assert found == []
    assert len(asked) > 60
    assert sum(asked.values()) > 200


@pytest.mark.prove
@pytest.mark.parametrize(
    "scopes",
    [Scope.values, [scope for scope in Scope.values if scope != Scope.CUSTOMERS_READ]],
    ids=["all scopes", "without personal data"],
)
def test_it_keeps_its_promises_for_long(live_server: LiveServer, scopes: list[str], capsys: pytest.CaptureFixture[str]):
    seed = random.randrange(10**9)
    asked, found = examined(live_server, scopes, examples=EXAMPLES, phases=ALL_PHASES, seed=seed)
    with capsys.disabled():
        print(f"\nseed {seed}: {sum(asked.values())} requests to {len(asked)} operations, {len(found)} broken promises")
        print(*(it[:600] for it in found), sep="\n")
    assert found == []


def examined(
    server: LiveServer, scopes: list[str], *, examples: int, phases: tuple[str, ...], seed: int
) -> tuple[Counter[str], list[str]]:
    """How often each operation was asked, and what it did otherwise than the document says."""
    seed_vocabulary()
    make_everything()
    _api_key, key = issue_api_key(name="Schemathesis", scopes=scopes)
    write_key = make_write_key(make_source(events_per_second=1_000_000))
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "generation": {"max-examples": examples, "database": "none"},
            "phases": {it: {"enabled": it in phases} for it in ALL_PHASES},
            "auth": {"openapi": {"apiKey": {"bearer": key}, "writeKey": {"bearer": write_key}}},
            "checks": CHECKS,
            "operations": OPERATIONS,
        }
    )
    schema = schemathesis.openapi.from_url(f"{server.url}/api/schema/", config=config)
    asked: Counter[str] = Counter()
    found: set[str] = set()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError):
            found.add(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.ScenarioFinished):
            asked[event.recorder.label] += len(event.recorder.cases)
            found |= broken(event.recorder)
    return asked, sorted(found)


def broken(recorder: ScenarioRecorder) -> set[str]:
    return {
        f"{recorder.label}: {check.name}: {check.failure_info.failure.message}\n"
        f"{check.failure_info.code_sample}\n{answer(recorder.interactions[case])}"
        for case, checks in recorder.checks.items()
        for check in checks
        if check.failure_info
    }


def answer(interaction: Any) -> str:
    response = interaction.response
    return f"ANSWER {response.status_code} {response.content[:300]}" if response else "ANSWER none"
