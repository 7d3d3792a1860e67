"""The guide for integrators is held against the code."""

import argparse
import json
import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts.actions import issue_api_key
from accounts.models import Scope
from customers.models import Customer, MergeSuggestion
from tests.factories import make_write_key
from touchpoints.actions import seed_vocabulary
from touchpoints.event import Event

DRAWN = "customers_customer_id_seq"
GUIDE = (Path(__file__).parent.parent.parent / "docs/integrators.md").read_text()


def test_it_names_every_field_and_scope():
    for name in (*Event.__struct_fields__, *Scope.values):
        assert f"`{name}`" in GUIDE, name


@pytest.mark.parametrize(
    "code",
    ["conflict", "unknown_fields", "invalid", "out_of_time", "too_deep", "changed_since", "if_match_missing", "in_use"],
)
def test_it_names_the_codes(code):
    assert f"`{code}`" in GUIDE


def snippets() -> list[list[str]]:
    """The words of every curl command, the program itself left out."""
    return [shlex.split(text)[1:] for text in re.findall(r"```sh\n(curl .*?)```", GUIDE, flags=re.DOTALL)]


def send(words: list[str], *, key: str) -> HttpResponse:
    """What curl would do."""
    client, read = Client(), {"Authorization": f"Bearer {key}"}
    options, _rest = _CURL.parse_known_args(words)
    address = urlsplit(options.url)
    path = f"{address.path}?{address.query}"
    headers = dict(header.split(": ", 1) for header in options.H)
    headers |= {"Authorization": headers["Authorization"].replace("$KEY", key)}
    if headers.get("If-Match") == "$ETAG":
        headers["If-Match"] = client.get(path, headers=read)["ETag"]
    content = {"data": options.d, "content_type": headers.pop("Content-Type", "application/json")} if options.d else {}
    return client.generic(options.X, path, headers=headers, **content)


_CURL = argparse.ArgumentParser()
_CURL.add_argument("-X", default="GET")
_CURL.add_argument("-H", action="append", default=[])
_CURL.add_argument("-d", default="")
_CURL.add_argument("-i", action="store_true")
_CURL.add_argument("url")


@pytest.mark.django_db
def test_its_example_works_as_written():
    seed_vocabulary()
    (words,) = [words for words in snippets() if "touchpoints/batch" in " ".join(words)]
    answer, *_others = re.findall(r"```json\n(.*?)```", GUIDE, flags=re.DOTALL)
    assert send(words, key=make_write_key()).json() == json.loads(answer)


@pytest.mark.django_db
def test_its_commands_on_customers_work_one_after_the_other():
    with connection.cursor() as cursor:
        # The guide names the numbers 7 and 8: nobody else may draw them.
        cursor.execute("select setval(%(drawn)s, greatest(nextval(%(drawn)s), 100))", {"drawn": DRAWN})
    for pk in (7, 8):
        Customer.objects.create(pk=pk, family_name="Strauß")
    MergeSuggestion.objects.create(pk=3, one_id=7, other_id=8, score=0.7, reasons=["name"])
    _api_key, key = issue_api_key(name="ERP", scopes=list(Scope.values))
    commands = [words for words in snippets() if "touchpoints/" not in " ".join(words)]
    assert len(commands) >= 9
    answers = [send(words, key=key) for words in commands]
    assert [
        (words, answer.content) for words, answer in zip(commands, answers, strict=True) if answer.status_code > 204
    ] == []
    found = answers[-1].json()["results"]
    assert [(it["id"], it["street"], it["tags"]) for it in found] == [(7, "Neue Straße 1", ["regular"])]
