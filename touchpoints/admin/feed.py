from __future__ import annotations

from math import floor
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.pages import ReadOnlyAdmin
from touchpoints.actions import pause_follower, reset_follower, resume_follower, try_again
from touchpoints.horizon import waiting_for
from touchpoints.lag import with_waiting
from touchpoints.models import FollowerPosition, IdempotencyRecord, ParkedRow


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
    list_display = ("name", "behind", "progress", "parked", "moved_at", "is_paused", "failed_at", "last_error")
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

    @admin.display(description=_("history read"))
    def progress(self, position: FollowerPosition) -> str:
        """While it reads again what was there before, quietly."""
        share = position.share_of_history
        return "–" if share is None else f"{floor(share * 100)} %"

    @admin.display(description=_("parked rows"))
    def parked(self, position: Any) -> str:
        if not position.parked:
            return "0"
        address = reverse("admin:touchpoints_parkedrow_changelist")
        return format_html('<a href="{}?follower={}">{}</a>', address, position.name, position.parked)


class FollowerFilter(admin.SimpleListFilter):
    title = _("follower")
    parameter_name = "follower"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in FollowerPosition.objects.values_list("name", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ParkedRow]) -> QuerySet[ParkedRow]:
        return queryset.filter(follower=self.value()) if self.value() else queryset


def try_one_again(_request: HttpRequest, parked: ParkedRow) -> str:
    if error := try_again(parked=parked):
        raise ValidationError(gettext("It failed again: %(error)s") % {"error": error})
    return gettext("It is applied now.")


@admin.register(ParkedRow)
class ParkedRowAdmin(ReadOnlyAdmin):
    about = _("What a follower could not apply in three tries. The rest went on; nothing here is forgotten.")
    when_empty = _("Good: every follower could apply everything.")
    list_display = ("parked_at", "follower", "row", "error", "tries")
    list_display_links = ("parked_at",)
    list_filter = (FollowerFilter,)
    list_select_related = ("touchpoint__type", "change")
    sortable_by = ()
    fields = ("follower", "row", "error", "tries", "parked_at")
    actions = ("try_again",)  # type: ignore[assignment]
    buttons = (
        Button(
            name="try",
            label=_("Try again"),
            permission="touchpoints.change_followerposition",
            press=try_one_again,
            leads_to=lambda parked: FollowerPosition.objects.get(name=parked.follower),
        ),
    )

    def has_try_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("touchpoints.change_followerposition")

    @admin.action(description=_("Try the selected ones again"), permissions=["try"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[ParkedRow]) -> None:
        errors = [try_again(parked=parked) for parked in chosen.order_by("id")]
        failed = sum(bool(error) for error in errors)
        told = gettext("%(applied)d applied, %(failed)d failed again.")
        level = messages.WARNING if failed else messages.SUCCESS
        self.message_user(request, told % {"applied": len(errors) - failed, "failed": failed}, level)

    @admin.display(description=_("row"))
    def row(self, parked: ParkedRow) -> str:
        if parked.touchpoint_id is None:
            return str(parked.change)
        address = reverse("admin:touchpoints_touchpoint_change", args=[parked.touchpoint_id])
        return format_html('<a href="{}">{}</a>', address, parked.touchpoint)


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
