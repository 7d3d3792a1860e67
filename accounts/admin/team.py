from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import PageAdmin
from accounts.models import Team

if TYPE_CHECKING:
    from django.db.models import QuerySet


@admin.register(Team)
class TeamAdmin(PageAdmin):
    about = _("Who works cases together.")
    when_empty = _("Add a team, its lead and its members; cases can then be given to it.")
    list_display = ("name", "lead", "people")
    list_select_related = ("lead",)
    search_fields = ("name",)
    autocomplete_fields = ("lead", "members")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).prefetch_related("members")

    @admin.display(description=_("members"))
    def people(self, team: Team) -> str:
        return ", ".join(str(user) for user in team.members.all())
