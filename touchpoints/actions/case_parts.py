"""What is written to a case and what is linked with it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ApiKey, User
from touchpoints.actions.cases import held, record_change
from touchpoints.models import Case, CaseComment, CaseLink, Touchpoint


@transaction.atomic
def comment_on_case(*, case: Case, text: str, by: User | None, api_key: ApiKey | None = None) -> CaseComment:
    case = held(case)
    comment = CaseComment(case=case, text=text.strip(), author=by, api_key=api_key)
    comment.full_clean()
    comment.save()
    comment.refresh_from_db()
    # Its words stay here: a touchpoint is passed on to others.
    record_change(case, "case_commented", by=by, comment=comment.pk)
    return comment


@transaction.atomic
def link_case(*, case: Case, by: User | None, subject: str = "", touchpoint: Touchpoint | None = None) -> CaseLink:
    """Linking once more returns the link that is there."""
    case = held(case)
    if touchpoint and touchpoint.customer.canonical_id != case.customer.canonical_id:
        raise ValidationError({"touchpoint": _("This touchpoint belongs to somebody else.")})
    before = case.links.filter(subject=subject, touchpoint=touchpoint).first()
    if before:
        return before
    link = CaseLink(case=case, subject=subject, touchpoint=touchpoint)
    link.full_clean()
    link.save()
    link.refresh_from_db()
    record_change(case, "case_linked", by=by, **_told(link))
    return link


@transaction.atomic
def unlink_case(*, link: CaseLink, by: User | None) -> None:
    case = held(link.case)
    record_change(case, "case_changed", by=by, changed=["links"], removed=_told(link))
    link.delete()


def _told(link: CaseLink) -> dict[str, Any]:
    return {"subject": link.subject} if link.subject else {"touchpoint": link.touchpoint_id}
