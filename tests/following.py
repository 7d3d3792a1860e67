"""What each follower has made of the stream, without numbers of rows: to be compared with a rebuild from nothing."""

from collections.abc import Iterable
from typing import Any

from journeys.models import Passage, Run
from surveys.models import Invitation
from touchpoints import feed
from touchpoints.models import FollowerPosition, ParkedRow, Subject, TypeUse, WebhookDelivery

Results = dict[str, list[tuple[Any, ...]]]
SUBJECT = "brand kind key customer state is_open began_at changed_at ended_at value currency lines"
RUN = "version customer__canonical subject ordinal"
PASSAGE = "run__version run__customer__canonical run__subject run__ordinal ordinal stage entered_at left_at"
MADE = {
    "subjects": (Subject, SUBJECT),
    "runs": (Run, f"{RUN} current_stage started_at last_at ended_at end_reason"),
    "passages": (Passage, f"{PASSAGE} touchpoint_count"),
    "plans of mails": (Invitation, "campaign touchpoint subject customer__canonical due_at"),
    "plans of calls": (WebhookDelivery, "webhook touchpoint type person__canonical"),
    "counted types": (TypeUse, "type arrivals first_at last_at newest"),
}
# Who adds a follower adds above what it makes.
FOLLOWERS = {"subjects", "journeys", "campaigns", "webhooks", "vocabulary"}


def results() -> Results:
    return {
        name: sorted(model._default_manager.values_list(*fields.split()), key=repr)
        for name, (model, fields) in MADE.items()
    }


def rebuilt() -> Results:
    """Everything that followers made is thrown away, and made again from the first touchpoint, not quietly."""
    assert {follower.name for follower in feed.followers()} == FOLLOWERS
    for model in _from_the_top():
        model._default_manager.all().delete()
    FollowerPosition.objects.update(touchpoint_id=0, change_id=0, quiet_until_id=0)
    feed.catch_up()
    assert not ParkedRow.objects.exists()
    return results()


def _from_the_top() -> Iterable[Any]:
    return reversed([model for model, _fields in MADE.values()])
