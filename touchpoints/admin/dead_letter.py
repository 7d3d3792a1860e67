from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.pages import ReadOnlyAdmin
from touchpoints.actions import replay_rejected
from touchpoints.models import RejectedTouchpoint

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# So many in one request; the rest waits for the next press.
MOST_AT_ONCE = 1_000
REASONS: dict[str, StrOrPromise] = {
    "invalid": _("a field holds what it may not"),
    "invalid_identity": _("nobody is named, or not rightly"),
    "unknown_channel": _("unknown channel"),
    "unknown_kind": _("unknown kind of event"),
    "unknown_replaced": _("corrects what is not there"),
    "out_of_time": _("impossible time"),
    "number_out_of_range": _("number out of range"),
    "unstorable_text": _("text that no database holds"),
    "too_large": _("too large"),
    "too_deep": _("nested too deeply"),
    "too_many_keys": _("too many keys"),
    "conflict": _("message ID used for something else"),
}


class ReasonFilter(admin.SimpleListFilter):
    title = _("reason")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return list(REASONS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[RejectedTouchpoint]) -> QuerySet[RejectedTouchpoint]:
        return queryset.filter(code=self.value()) if self.value() else queryset


def replay_one(_request: HttpRequest, rejected: RejectedTouchpoint) -> str:
    if not replay_rejected(rows=[rejected], now=timezone.now()):
        rejected.refresh_from_db()
        raise ValidationError(gettext("Still refused: %(detail)s") % {"detail": rejected.detail})
    return gettext("It is stored now.")


@admin.register(RejectedTouchpoint)
class RejectedTouchpointAdmin(ReadOnlyAdmin):
    about = _(
        "Events that could not be stored, with the reason; kept as long as the retention rules say. "
        "Mend what they lack, for example the vocabulary, and replay them."
    )
    when_empty = _("Good: every event that arrived could be stored.")
    looks_back = 100_000
    list_display = ("received_at", "source", "reason", "detail", "message_id", "replayed_at")
    list_filter = ("source", ReasonFilter, ("replayed_at", admin.EmptyFieldListFilter))
    list_select_related = ("source",)
    sortable_by = ()
    search_fields = ("message_id__exact", "code__exact")
    search_help_text = _("A whole message ID or code.")
    fields = ("source", "reason", "detail", "message_id", "as_received", "path", "received_at", "replayed_at")
    actions = ("replay",)  # type: ignore[assignment]
    buttons = (
        Button(
            name="replaying",
            label=_("Replay"),
            permission="touchpoints.change_rejectedtouchpoint",
            press=replay_one,
            is_offered=lambda rejected: rejected.replayed_at is None,
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Somebody may ask to be forgotten before their time is over."""
        return request.user.has_perm("touchpoints.delete_rejectedtouchpoint")

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("touchpoints.change_rejectedtouchpoint")

    @admin.action(description=_("Replay the selected ones"), permissions=["replay"])
    def replay(self, request: HttpRequest, chosen: QuerySet[RejectedTouchpoint]) -> None:
        waiting = list(chosen.filter(replayed_at=None).order_by("id")[: MOST_AT_ONCE + 1])
        stored = replay_rejected(rows=waiting[:MOST_AT_ONCE], now=timezone.now())
        refused = min(len(waiting), MOST_AT_ONCE) - stored
        told = ngettext("%(count)d event is stored now.", "%(count)d events are stored now.", stored)
        self.message_user(request, told % {"count": stored}, messages.SUCCESS if stored else messages.WARNING)
        if refused:
            still = ngettext("%(count)d is still refused.", "%(count)d are still refused.", refused)
            self.message_user(request, still % {"count": refused}, messages.WARNING)
        if len(waiting) > MOST_AT_ONCE:
            self.message_user(request, gettext("More are waiting: replay again for the rest."), messages.WARNING)

    @admin.display(description=_("reason"))
    def reason(self, rejected: RejectedTouchpoint) -> str:
        return str(REASONS.get(rejected.code, rejected.code))

    @admin.display(description=_("as received"))
    def as_received(self, rejected: RejectedTouchpoint) -> str:
        return format_html('<pre translate="no">{}</pre>', bytes(rejected.raw).decode(errors="backslashreplace"))
