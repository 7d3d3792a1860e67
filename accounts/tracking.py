"""The trigger that writes down every change of a model, by whatever way it is made: page, API, bulk update, SQL.

A model is tracked by naming it among its triggers: `class Meta: triggers = [Tracked(about=("customer",))]`.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pgtrigger
from django.db import connection, transaction

# An INSERT that `accounts.acting` called bulk is not written down: the rows themselves say when they came.
BY_A_PERSON = pgtrigger.Condition("""coalesce(current_setting('kundenpfad.acting', true), '') NOT LIKE '%"bulk"%'""")
RECORD = "PERFORM record_change('{model}', TG_OP, to_jsonb(OLD), to_jsonb(NEW), '{about}', '{untold}', '{secret}');"


class Tracked(pgtrigger.Trigger):
    """`about`: foreign keys to those on whose history page it is told as well. `untold`: what we derive ourselves.

    `secret`: fields of which only is told that they changed.
    """

    name = "history"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(
        self, *, about: Sequence[str] = (), untold: Sequence[str] = (), secret: Sequence[str] = (), **options: Any
    ) -> None:
        self.about, self.untold, self.secret = about, untold, secret
        super().__init__(**options)

    def get_func(self, model: Any) -> str:
        field = model._meta.get_field
        about = {field(name).column: field(name).related_model._meta.label_lower for name in self.about}
        call = RECORD.format(
            model=model._meta.label_lower,
            about=json.dumps(about),
            untold=_as_array(field(name).column for name in ("id", "created_at", *self.untold) if _has(model, name)),
            secret=_as_array(field(name).column for name in self.secret),
        )
        return f"{call} RETURN NULL;"


class AppendOnly(pgtrigger.Trigger):
    """Nobody alters or deletes a row; the nightly retention (`letting_go`) deletes those that are old by `moment`."""

    name = "append_only"
    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *, moment: str, **options: Any) -> None:
        self.moment = moment
        super().__init__(**options)

    def get_func(self, model: Any) -> str:
        moment = model._meta.get_field(self.moment).column
        return (
            f"IF TG_OP = 'DELETE' AND may_be_let_go(OLD.{moment}) THEN RETURN OLD; END IF; "
            "RAISE EXCEPTION '% is append-only.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';"
        )


@contextmanager
def letting_go() -> Iterator[None]:
    """For retention alone: within, rows of records that are append-only may be deleted if they are old enough.

    How old at least is decided by `may_be_let_go` in the database, whatever a rule says: nobody hides today's deeds.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('kundenpfad.letting_go', 'on', true)")
        yield
        cursor.execute("select set_config('kundenpfad.letting_go', '', true)")


def tracked_in_bulk(**options: Any) -> list[Tracked]:
    """For tables that grow with the stream: rows made in bulk are not told of, their changes and their end are."""
    return [
        Tracked(name="history_begin", operation=pgtrigger.Insert, condition=BY_A_PERSON, **options),
        Tracked(operation=pgtrigger.Update | pgtrigger.Delete, **options),
    ]


def tracked() -> Iterator[tuple[Any, Tracked]]:
    """Every tracked model with its triggers."""
    for model, trigger in pgtrigger.registered():
        if isinstance(trigger, Tracked):
            yield model, trigger


def told_with(model: Any) -> set[str]:
    """The models of which the history of this one tells: itself and what belongs to it."""
    return {
        other._meta.label_lower
        for other, trigger in tracked()
        if other is model or model in {other._meta.get_field(name).related_model for name in trigger.about}
    }


def _has(model: Any, name: str) -> bool:
    return any(field.name == name for field in model._meta.fields)


def _as_array(columns: Any) -> str:
    return "{" + ",".join(columns) + "}"
