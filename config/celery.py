import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab

from accounts.acting import acting
from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
broker.install()


class ActingTask(Task[..., Any]):
    def __call__(self, *arguments: Any, **options: Any) -> Any:
        with acting(origin=f"task {self.name}"):
            return super().__call__(*arguments, **options)


app = Celery("kundenpfad", task_cls=ActingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A broker that stays away for hours must not end the worker.
app.conf.broker_connection_max_retries = None
# The database is the queue, Celery is the alarm clock: beat alone publishes, and a tick that nobody
# took within five seconds is void, so a broker that comes back brings no pile of old ones.
EVERY_SECOND = (
    "customers.tasks.compare_records",
    "customers.tasks.run_imports",
    "touchpoints.tasks.call_webhooks",
    "touchpoints.tasks.queue_opt_in_mails",
    "touchpoints.tasks.read_again",
    "touchpoints.tasks.run_followers",
    "touchpoints.tasks.send_messages",
    "journeys.tasks.match_versions",
    "surveys.tasks.queue_due_invitations",
)
EVERY_TEN_MINUTES = (
    "customers.tasks.finish_erasures",
    "customers.tasks.forget_old_imports",
    "journeys.tasks.end_runs",
    "surveys.tasks.expire_invitations",
)
EVERY_NIGHT = ("customers.tasks.apply_retention",)
app.conf.beat_schedule = {
    **{task.rpartition(".")[2]: {"task": task, "schedule": 1.0, "options": {"expires": 5}} for task in EVERY_SECOND},
    **{
        task.rpartition(".")[2]: {"task": task, "schedule": 600.0, "options": {"expires": 300}}
        for task in EVERY_TEN_MINUTES
    },
    **{
        task.rpartition(".")[2]: {
            "task": task,
            "schedule": crontab(hour="2", minute="30"),
            "options": {"expires": 3600},
        }
        for task in EVERY_NIGHT
    },
}
