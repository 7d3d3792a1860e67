"""What happens to a case. Every change of it is a touchpoint of its subject, without the words that people wrote."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Brand, Team, User
from customers.models import Customer
from touchpoints.actions.recording import STAFF_SOURCE, record_touchpoint
from touchpoints.due_times import due_time
from touchpoints.models import Case, CaseReason
from touchpoints.models.case import CaseKind, CasePriority, CaseState
from touchpoints.models.touchpoint import Actor

CHANGEABLE = ("title", "kind", "description", "related_subject", "priority", "owner", "team", "due_at")
# Of these the touchpoint says the new value as well; the others may hold what a person said.
TOLD = ("kind", "priority", "due_at")


@transaction.atomic
def open_case(
    *,
    customer: Customer,
    by: User | None,
    title: str,
    kind: str = CaseKind.QUESTION,
    description: str = "",
    priority: int = CasePriority.NORMAL,
    owner: User | None = None,
    team: Team | None = None,
    due_at: datetime | None = None,
    related_subject: str = "",
    brand: Brand | None = None,
) -> Case:
    """Without a due time it gets the one of its priority, by the business hours of its team or brand."""
    pk = _next_id()
    case = Case(
        pk=pk,
        number=f"V-{pk}",
        brand=brand or Brand.objects.default(),
        customer=customer,
        kind=kind,
        title=title,
        description=description,
        priority=priority,
        owner=owner,
        team=team,
        due_at=due_at,
        is_due_by_hand=due_at is not None,
        related_subject=related_subject,
    )
    case.full_clean()
    case.due_at = due_at or due_time(case)
    case.save(force_insert=True)
    record_change(case, "case_opened", by=by)
    return case


@transaction.atomic
def change_case(*, case: Case, by: User | None, **changes: Any) -> Case:
    """Change fields of CHANGEABLE; what is the same already changes nothing and is no touchpoint."""
    case = held(case)
    changed = [name for name in CHANGEABLE if name in changes and getattr(case, name) != changes[name]]
    if not changed:
        return case
    for name in changed:
        setattr(case, name, changes[name])
    if "due_at" in changed:
        case.is_due_by_hand = case.due_at is not None
    if not case.is_due_by_hand and {"due_at", "priority", "team"}.intersection(changed):
        case.due_at = due_time(case)
    case.full_clean()
    case.save()
    if {"owner", "team"}.intersection(changed):
        _record_assignment(case, by=by)
    if others := [name for name in changed if name not in ("owner", "team")]:
        told = {name: str(getattr(case, name)) for name in TOLD if name in others}
        record_change(case, "case_changed", by=by, changed=others, **told)
    return case


@transaction.atomic
def take_case(*, case: Case, by: User) -> Case:
    """Make oneself the owner."""
    return change_case(case=case, by=by, owner=by)


@transaction.atomic
def wait_for_customer(*, case: Case, by: User | None) -> Case:
    case = held(case)
    if case.state == CaseState.WAITING:
        return case
    _refuse_unless(case, CaseState.OPEN)
    return _moved(case, CaseState.WAITING, "case_waiting", by=by)


@transaction.atomic
def resume_case(*, case: Case, by: User | None) -> Case:
    case = held(case)
    if case.state == CaseState.OPEN:
        return case
    _refuse_unless(case, CaseState.WAITING)
    return _moved(case, CaseState.OPEN, "case_resumed", by=by)


@transaction.atomic
def resolve_case(
    *, case: Case, by: User | None, root_cause: CaseReason, resolution: CaseReason, note: str = ""
) -> Case:
    """Bring a case to an end; says so to whoever changed it in the meantime."""
    case = held(case)
    _refuse_unless(case, CaseState.OPEN, CaseState.WAITING)
    case.state, case.resolved_at = CaseState.RESOLVED, timezone.now()
    case.root_cause, case.resolution, case.resolution_note = root_cause, resolution, note
    case.full_clean()
    case.save()
    record_change(case, "case_resolved", by=by, root_cause=root_cause.key, resolution=resolution.key)
    return case


@transaction.atomic
def close_case(*, case: Case, by: User | None) -> Case:
    """Nothing more is to come: the customer agreed, or has not said otherwise."""
    case = held(case)
    if case.state == CaseState.CLOSED:
        return case
    _refuse_unless(case, CaseState.RESOLVED)
    return _moved(case, CaseState.CLOSED, "case_closed", by=by)


@transaction.atomic
def reopen_case(*, case: Case, by: User | None) -> Case:
    """Root cause and resolution stay until it is resolved anew; the due time counts from now."""
    case = held(case)
    if case.is_open:
        return case
    case.resolved_at, case.due_from, case.is_due_by_hand = None, timezone.now(), False
    case.due_at = due_time(case)
    return _moved(case, CaseState.OPEN, "case_reopened", by=by)


def held(case: Case) -> Case:
    """As it is now, locked until the transaction ends."""
    related = ("customer", "brand", "owner", "team", "root_cause", "resolution")
    return Case.objects.select_for_update(of=("self",)).select_related(*related).get(pk=case.pk)


def record_change(case: Case, type: str, *, by: User | None, **properties: Any) -> None:
    now = timezone.now()
    record_touchpoint(
        source=STAFF_SOURCE,
        message_id=f"{case.subject}:{type}:{now.timestamp():.6f}",
        type=type,
        customer=case.customer,
        occurred_at=now,
        subject=case.subject,
        actor=Actor.AGENT if by else Actor.SYSTEM,
        properties=properties | ({"by": by.pk} if by else {}),
    )


def _record_assignment(case: Case, *, by: User | None) -> None:
    told = {"owner": case.owner_id, "team": case.team.name if case.team else None}
    record_change(case, "case_assigned", by=by, **told)


def _moved(case: Case, state: CaseState, type: str, *, by: User | None) -> Case:
    case.state = state
    case.save()
    record_change(case, type, by=by)
    return case


def _refuse_unless(case: Case, *states: CaseState) -> None:
    if case.state not in states:
        raise ValidationError(_("This case is %(state)s already.") % {"state": case.get_state_display()})


def _next_id() -> int:
    """The number of a case shows its id, so the id is drawn first."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('touchpoints_case', 'id'))")
        return int(cursor.fetchone()[0])
