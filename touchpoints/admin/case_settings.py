from __future__ import annotations

from typing import TYPE_CHECKING, Any

import holidays
from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import Inline, PageAdmin
from touchpoints.due_times import working_time
from touchpoints.models import BusinessHours, CaseReason, ClosedDay, OpenHours
from touchpoints.models.case import CasePriority
from touchpoints.working_time import due_at

if TYPE_CHECKING:
    HoursModelForm = forms.ModelForm[BusinessHours]
else:
    HoursModelForm = forms.ModelForm

HOLIDAYS_SHOWN = 5


@admin.register(CaseReason)
class CaseReasonAdmin(PageAdmin):
    about = _("Why cases happen and what helps: the two trees from which colleagues choose when they resolve one.")
    when_empty = _("The ready reasons come with the installation; add your own.")
    list_display = ("__str__", "kind", "key", "position", "is_active")
    list_filter = ("kind", "is_active", ("parent", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("parent",)
    search_fields = ("key", "label_de", "label_en")
    fields = ("kind", "key", "label_de", "label_en", "parent", "position", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: CaseReason | None = None) -> tuple[str, ...]:
        """Cases and other systems name it: what it is stays."""
        return ("kind", "key") if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        groups = CaseReason.objects.filter(parent=None)
        return super().formfield_for_foreignkey(db_field, request, queryset=groups, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: CaseReason | None = None) -> bool:
        """Take it off the offer instead: cases that ended by it stay explained."""
        return False


class HoursForm(HoursModelForm):
    """The parts of the country by their names."""

    class Meta:
        model = BusinessHours
        fields = "__all__"  # noqa: DJ007 (the page names them)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = str(self.data.get("country") or self.instance.country)
        field: Any = self.fields.get("subdivision")
        if field and (parts := _parts_of(country)):
            names = {"translate": "no"}  # names, the same in every language
            field.widget = forms.Select(choices=[("", _("the whole country")), *parts], attrs=names)


class OpenHoursInline(Inline):
    model = OpenHours
    extra = 0
    fields = ("weekday", "opens_at", "closes_at")


class ClosedDayInline(Inline):
    model = ClosedDay
    extra = 0
    fields = ("day", "name", "is_yearly")


@admin.register(BusinessHours)
class BusinessHoursAdmin(PageAdmin):
    about = _("When you work, by brand and team; due times of cases count these hours only.")
    when_empty = _("Add the hours of your brand: without them cases get no due time.")
    form = HoursForm
    list_display = ("name", "brand", "team", "country", "subdivision", "time_zone")
    list_filter = ("brand",)
    list_select_related = ("brand", "team")
    search_fields = ("name",)
    autocomplete_fields = ("team",)
    inlines = (OpenHoursInline, ClosedDayInline)
    fieldsets = (
        (None, {"fields": ("name", "brand", "team")}),
        (_("Calendar"), {"fields": ("time_zone", "country", "subdivision", "next_holidays")}),
        (
            _("Working minutes until due"),
            {
                "fields": ("urgent_minutes", "high_minutes", "normal_minutes", "low_minutes", "due_when_opened_now"),
                "description": _("A change counts for cases that are opened, or given another priority, from now on."),
            },
        ),
    )
    readonly_fields = ("next_holidays", "due_when_opened_now")

    @admin.display(description=_("next public holidays"))
    def next_holidays(self, hours: BusinessHours) -> str:
        today = timezone.localdate()
        known = holidays.country_holidays(
            hours.country,
            subdiv=hours.subdivision or None,
            years=(today.year, today.year + 1),
            language="de" if (get_language() or "de").startswith("de") else "en_US",
        )
        coming = [(date_format(day, "SHORT_DATE_FORMAT"), name) for day, name in sorted(known.items()) if day >= today]
        return format_html_join("", '<div translate="no">{} {}</div>', coming[:HOLIDAYS_SHOWN])

    @admin.display(description=_("a case opened now is due"))
    def due_when_opened_now(self, hours: BusinessHours) -> str:
        by, now = working_time(hours), timezone.now()
        rows = []
        for priority in reversed(CasePriority):
            due = due_at(since=now, minutes=hours.minutes_until_due(priority), by=by)
            when = date_format(timezone.localtime(due, hours.zone), "SHORT_DATETIME_FORMAT") if due else "–"
            rows.append((priority.label, when))
        return format_html_join("", "<div>{}: {}</div>", rows)


def _parts_of(country: str) -> list[tuple[str, str]]:
    if country not in holidays.list_supported_countries():
        return []
    names = holidays.country_holidays(country).get_subdivision_aliases()
    return sorted(((code, (known or [code])[0]) for code, known in names.items()), key=lambda it: it[1].casefold())
