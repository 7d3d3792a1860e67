"""Erasing while the same people go on sending, and erasing that is killed."""

import random
import subprocess
import sys
import time

import pytest
from django.db import connection

from customers.actions import request_erasure
from customers.actions.erasing import finish_erasure
from customers.models import Customer, Erasure, Identity
from tests.factories import make_customer, make_touchpoint
from tests.fixtures.celery import PROJECT, environment
from tests.touchpoints.ingesting import Sender, event
from tests.touchpoints.test_ingest_in_parallel import at_once
from touchpoints.models import Touchpoint

FINISH = "from customers.actions import finish_erasures; finish_erasures()"


@pytest.fixture(autouse=True)
def _own_log(tmp_path, settings):
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"


@pytest.mark.django_db(transaction=True)
def test_who_is_erased_while_sending_loses_nothing_that_came_after():
    sender, rounds = Sender.new(), 25

    def work(number):
        for step in range(rounds):
            if number == 0:
                for customer in Customer.objects.filter(identities__value="u1"):
                    finish_erasure(erasure=request_erasure(customer=customer))
            else:
                answer = sender.send(event(f"m{number}-{step}", customer={"user_id": "u1", "email": "u1@example.org"}))
                assert answer.status_code == 200, answer.content

    at_once(4, work)
    # Everything left hangs together, and the next event finds or makes one person.
    assert sender.send(event("last", customer={"user_id": "u1"})).status_code == 200
    assert Identity.objects.filter(value="u1").count() == 1
    assert Touchpoint.objects.filter(customer__identities__value="u1").exists()


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_it_ends_complete(tmp_path):
    _prove_kills(tmp_path, people=40, kills=2, seed=3)


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(5))
def test_killed_often_it_ends_complete(tmp_path, seed):
    _prove_kills(tmp_path, people=400, kills=6, seed=seed)


def _prove_kills(folder, *, people, kills, seed):
    chance = random.Random(seed)  # noqa: S311
    for number in range(people):
        customer = make_customer(family_name=f"Zq7{number}")
        Identity.objects.create(customer=customer, kind="email", value=f"zq7-{number}@example.org")
        make_touchpoint(customer, properties={"name": f"Zq7{number}"})
        request_erasure(customer=customer)
    command = [sys.executable, str(PROJECT / "manage.py"), "shell", "-c", FINISH]
    surroundings = {**environment(), "ERASURE_LOG": str(folder / "erasures.jsonl")}
    for kill in range(kills):
        enough = chance.randrange(kill * people // (kills + 1), (kill + 1) * people // (kills + 1)) + 1
        with subprocess.Popen(command, env=surroundings, cwd=PROJECT, stdout=subprocess.DEVNULL) as process:
            while Erasure.objects.exclude(erased_at=None).count() < enough and process.poll() is None:
                time.sleep(0.005)
            time.sleep(chance.random() / 50)
            process.kill()
    assert Erasure.objects.unfinished().exists()
    subprocess.run(command, env=surroundings, cwd=PROJECT, check=True, capture_output=True)
    assert not Erasure.objects.unfinished().exists()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from customers_customer where family_name like 'Zq7%%'")
        assert cursor.fetchone() == (0,)
    assert not Touchpoint.objects.filter(properties__name__startswith="Zq7").exists()
    assert not Identity.objects.filter(value__startswith="zq7").exists()
