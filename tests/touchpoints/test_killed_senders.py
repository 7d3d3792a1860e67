"""Mails under way while workers, beat and the broker die: none lost, at most one twice per killed sender."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db.models import F

from config.celery import app as celery_app
from tests.fixtures.celery import CeleryProcesses
from tests.fixtures.smtp import SmtpSink
from tests.mailing import queue_mail
from touchpoints.models import Message, Touchpoint

SENDERS_PER_WORKER = 2
FLOWS_AGAIN_SECONDS = 90


@dataclass
class Storm:
    """Kills at seeded moments, each followed by a restart as a supervisor would do it."""

    sink: SmtpSink
    celery: CeleryProcesses
    random: random.Random
    killed_senders: int = 0
    waits: list[str] = field(default_factory=list)

    def run(self, victims: list[str], *, mails: int) -> None:
        moments = sorted(self.random.sample(range(1, mails * 3 // 4), len(victims)))
        for victim, moment in zip(victims, moments, strict=True):
            self._wait_until(lambda moment=moment: len(self.sink.envelopes) >= moment)
            time.sleep(self.random.random() / 10)
            began, arrived = time.monotonic(), len(self.sink.envelopes)
            getattr(self, victim)()
            self._wait_until(lambda arrived=arrived: len(self.sink.envelopes) > arrived + SENDERS_PER_WORKER)
            self.waits.append(f"{victim} killed after {arrived} mails, next after {time.monotonic() - began:.1f} s")

    def worker(self) -> None:
        self.killed_senders += SENDERS_PER_WORKER
        self.celery.worker.kill()
        self.celery.start_worker()

    def beat(self) -> None:
        self.celery.beat.kill()
        (self.celery.folder / "beat.pid").unlink(missing_ok=True)
        self.celery.start_beat()

    def valkey_wiped(self) -> None:
        with celery_app.connection_for_write() as broker:
            broker.default_channel.client.flushdb()

    def _wait_until(self, has_happened: Callable[[], bool], *, seconds: float = FLOWS_AGAIN_SECONDS) -> None:
        end = time.monotonic() + seconds
        while not has_happened():
            assert time.monotonic() < end, f"nothing for {seconds} s; {self.waits}"
            time.sleep(0.02)

    def let_it_settle(self, *, may_wait_for_leases: bool) -> None:
        """Until nothing is under way; a quarter of an hour passes at once for what is in doubt."""
        end, left = time.monotonic() + FLOWS_AGAIN_SECONDS, -1
        while now_left := Message.objects.exclude(state="sent").count():
            if now_left != left:
                end, left = time.monotonic() + FLOWS_AGAIN_SECONDS, now_left
            assert time.monotonic() < end, list(Message.objects.exclude(state="sent").values("state", "reason"))
            if not may_wait_for_leases:
                Message.objects.filter(state="sending").update(lease_until=F("lease_until") - timedelta(seconds=2))
            Message.objects.filter(state="unknown").update(due_at=F("due_at") - timedelta(minutes=15))
            time.sleep(0.5)


def prove_each_went_once(storm: Storm, *, mails: int) -> str:
    arrived = Counter(storm.sink.recipients())
    twice = {address: times for address, times in arrived.items() if times > 1}

    assert len(arrived) == mails, "none is lost"
    assert sum(arrived.values()) - mails <= storm.killed_senders
    assert max(arrived.values()) <= 2
    assert Touchpoint.objects.filter(type__key="survey_invited").count() == mails
    ids = {mail["To"]: mail["Message-ID"] for mail in storm.sink.messages}
    assert all(mail["Message-ID"] == ids[mail["To"]] for mail in storm.sink.messages)
    return f"{mails} mails, {storm.killed_senders} senders killed, {len(twice)} twice, 0 lost"


def test_it_loses_and_doubles_nothing_in_a_short_storm(
    smtp_sink: SmtpSink, celery_worker_and_beat: CeleryProcesses
) -> None:
    smtp_sink.delay = 0.1
    storm = Storm(smtp_sink, celery_worker_and_beat, random.Random(7))  # noqa: S311
    for number in range(40):
        queue_mail(f"{number}@example.com")
    storm.run(["worker", "valkey_wiped", "beat"], mails=40)
    storm.let_it_settle(may_wait_for_leases=False)

    prove_each_went_once(storm, mails=40)


@pytest.mark.prove
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_it_sends_200_mails_over_five_kills(
    smtp_sink: SmtpSink, celery_worker_and_beat: CeleryProcesses, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    smtp_sink.delay = 0.1
    storm = Storm(smtp_sink, celery_worker_and_beat, random.Random(seed))  # noqa: S311
    for number in range(200):
        queue_mail(f"{number}@example.com")
    victims = ["worker", "worker", "worker", "beat", "valkey_wiped"]
    storm.random.shuffle(victims)
    storm.run(victims, mails=200)
    storm.let_it_settle(may_wait_for_leases=True)

    result = prove_each_went_once(storm, mails=200)
    with capsys.disabled():
        print("", f"seed {seed}: {result}", *storm.waits, sep="\n  ")  # noqa: T201
