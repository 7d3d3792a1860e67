import pytest
from celery.schedules import crontab

from config.celery import app

app.loader.import_default_modules()
A_DAY = 86_400
OURS = {name for name in app.tasks if not name.startswith("celery.")}


def test_beat_wakes_every_task() -> None:
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == OURS


@pytest.mark.parametrize("name", sorted(app.conf.beat_schedule))
def test_ticks_expire(name: str) -> None:
    """So that a broker that comes back after an hour brings no hour of ticks."""
    entry = app.conf.beat_schedule[name]
    schedule = entry["schedule"]
    seconds = A_DAY if isinstance(schedule, crontab) else schedule
    assert 0 < entry["options"]["expires"] <= max(5, seconds)
