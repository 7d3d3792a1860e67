from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.pages import ReadOnlyAdmin
from touchpoints.actions import pause_follower, reset_follower, resume_follower
from touchpoints.horizon import waiting_for
from touchpoints.lag import with_waiting
from touchpoints.models import FollowerPosition, IdempotencyRecord, RejectedTouchpoint


def pause(_request: HttpRequest, position: FollowerPosition) -> str:
    pause_follower(position=position)
    return gettext("Paused. What arrives meanwhile waits and is not lost.")


def go_on(_request: HttpRequest, position: FollowerPosition) -> str:
    resume_follower(position=position)
    return gettext("It reads on from where it stopped.")


def reset(_request: HttpRequest, position: FollowerPosition) -> str:
    reset_follower(position=position)
    return gettext("It reads everything again from the start, quietly: nobody is invited or notified.")


@admin.register(FollowerPosition)
class FollowerPositionAdmin(ReadOnlyAdmin):
    about = _("What reacts to touchpoints, how far each has read, and what stopped it.")
    when_empty = _("Followers enrol when the database is migrated.")
    list_display = ("name", "behind", "moved_at", "is_paused", "failed_at", "last_error")
    buttons = (
        Button(
            name="pause",
            label=_("Pause"),
            permission="touchpoints.change_followerposition",
            press=pause,
            is_offered=lambda position: not position.is_paused,
        ),
        Button(
            name="continuation",
            label=_("Continue"),
            permission="touchpoints.change_followerposition",
            press=go_on,
            is_offered=lambda position: position.is_paused,
        ),
        Button(
            name="replay",
            label=_("Read again from the start"),
            permission="touchpoints.change_followerposition",
            press=reset,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowerPosition]:
        return with_waiting(super().get_queryset(request))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"waiting_for": waiting_for()} | (extra_context or {}))

    @admin.display(description=_("touchpoints waiting, at most"))
    def behind(self, position: Any) -> int:
        return max(0, int(position.newest_id or 0) - int(position.touchpoint_id))


@admin.register(RejectedTouchpoint)
class RejectedTouchpointAdmin(ReadOnlyAdmin):
    about = _("Events that could not be stored, with the reason; kept for 30 days.")
    when_empty = _("Good: every event that arrived could be stored.")
    looks_back = 100_000
    list_display = ("received_at", "source", "code", "detail", "message_id", "replayed_at")
    list_filter = ("source", ("replayed_at", admin.EmptyFieldListFilter))
    list_select_related = ("source",)
    sortable_by = ()
    search_fields = ("message_id__exact", "code__exact")
    search_help_text = _("A whole message ID or code.")
    fields = ("source", "code", "detail", "message_id", "as_received", "received_at", "replayed_at")

    @admin.display(description=_("as received"))
    def as_received(self, rejected: RejectedTouchpoint) -> str:
        return format_html('<pre translate="no">{}</pre>', bytes(rejected.raw).decode(errors="backslashreplace"))


@admin.register(IdempotencyRecord)
class IdempotencyRecordAdmin(ReadOnlyAdmin):
    about = _("Answers kept under an Idempotency-Key, so that a repeated request gets the same one.")
    when_empty = _("Rows come with requests that carry an Idempotency-Key.")
    is_on_index = False
    looks_back = 100_000
    list_display = ("key", "source", "status", "created_at")
    list_filter = ("source", "status")
    list_select_related = ("source",)
    sortable_by = ()
    search_fields = ("key__exact",)
    fields = ("source", "key", "status", "answer", "created_at")
