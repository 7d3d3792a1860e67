"""What happens to a case. Every change of its state is a touchpoint of its subject."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Brand, Team, User
from customers.models import Customer
from touchpoints.actions.recording import STAFF_SOURCE, record_touchpoint
from touchpoints.models import Case, CaseReason
from touchpoints.models.case import CaseKind, CasePriority, CaseState
from touchpoints.models.touchpoint import Actor


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
        related_subject=related_subject,
    )
    case.full_clean()
    case.save(force_insert=True)
    _record(case, "case_opened", by=by)
    return case


@transaction.atomic
def resolve_case(
    *, case: Case, by: User | None, root_cause: CaseReason, resolution: CaseReason, note: str = ""
) -> Case:
    """Bring a case to an end; says so to whoever changed it in the meantime."""
    case = _locked(case)
    if not case.is_open:
        raise ValidationError(_("This case is %(state)s already.") % {"state": case.get_state_display()})
    case.state, case.resolved_at = CaseState.RESOLVED, timezone.now()
    case.root_cause, case.resolution, case.resolution_note = root_cause, resolution, note
    case.full_clean()
    case.save()
    _record(case, "case_resolved", by=by, root_cause=root_cause.key, resolution=resolution.key)
    return case


@transaction.atomic
def reopen_case(*, case: Case, by: User | None) -> Case:
    case = _locked(case)
    if case.is_open:
        return case
    case.state, case.resolved_at = CaseState.OPEN, None
    case.save()
    _record(case, "case_reopened", by=by)
    return case


@transaction.atomic
def take_case(*, case: Case, by: User) -> Case:
    """Make oneself the owner."""
    case = _locked(case)
    if case.owner_id != by.pk:
        case.owner = by
        case.save(update_fields=["owner"])
        _record(case, "case_assigned", by=by)
    return case


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=["self"]).select_related("customer", "brand").get(pk=case.pk)


def _next_id() -> int:
    """The number of a case shows its id, so the id is drawn first."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('touchpoints_case', 'id'))")
        return int(cursor.fetchone()[0])


def _record(case: Case, type: str, *, by: User | None, **properties: str) -> None:
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
