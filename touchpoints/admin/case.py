from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button
from accounts.admin.conflicts import ConflictsAdmin
from accounts.admin.pages import Inline
from accounts.models import User
from touchpoints.actions import case_parts, cases
from touchpoints.models import Case, CaseComment, CaseLink
from touchpoints.models.case import CaseState
from touchpoints.reason_choices import ResolutionForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TOLD = ("customer", "title", "kind", "description", "related_subject", "brand")
WORK = ("priority", "owner", "team", "due_at")
ENDED = ("state", "root_cause", "resolution", "resolution_note", "created_at", "resolved_at")
MAY_CHANGE = "touchpoints.change_case"


def resolution_page(request: HttpRequest, case: Case) -> HttpResponse:
    form = ResolutionForm(request.POST or None)
    address = reverse("admin:touchpoints_case_change", args=[case.pk])
    if form.is_valid():
        cases.resolve_case(case=case, by=_user(request), **form.cleaned_data)
        messages.success(request, gettext("Case resolved. The customer can now be asked how it went."))
        return HttpResponseRedirect(address)
    context = admin.site.each_context(request) | {
        "title": _("Resolve"), "subtitle": str(case), "opts": Case._meta, "form": form, "address": address,
    }  # fmt: skip
    return TemplateResponse(request, "admin/touchpoints/resolution.html", context, status=422 if form.errors else 200)


def moving(move: Callable[..., Case], said: StrOrPromise) -> Callable[[HttpRequest, Case], StrOrPromise]:
    def press(request: HttpRequest, case: Case) -> StrOrPromise:
        move(case=case, by=_user(request))
        return said

    return press


def in_state(*states: CaseState) -> Callable[[Case], bool]:
    return lambda case: case.state in states


class PartInline(Inline):
    """Added here, by an action; what stands there stays."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(MAY_CHANGE)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("touchpoints.view_case")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CommentInline(PartInline):
    model = CaseComment
    fields = ("text", "author", "created_at")
    readonly_fields = ("author", "created_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("author")


class LinkInline(PartInline):
    model = CaseLink
    fields = ("subject", "touchpoint", "created_at")
    readonly_fields = ("created_at",)
    raw_id_fields = ("touchpoint",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("touchpoint__type")


@admin.register(Case)
class CaseAdmin(ConflictsAdmin):
    about = _("What colleagues must bring to an end: questions, complaints, visits, callbacks, follow-ups.")
    when_empty = _("Open the first case here, or in the app on a customer’s page.")
    list_display = ("number", "title", "customer", "kind", "state", "priority", "owner", "team", "due_at")
    list_filter = ("state", "priority", "kind", "team", "brand", "root_cause")
    list_select_related = ("customer", "owner", "team")
    search_fields = ("number", "title")
    autocomplete_fields = ("customer", "owner", "team")
    readonly_fields = ("number", *ENDED)
    inlines = (CommentInline, LinkInline)
    buttons = (
        Button(
            name="resolution",
            label=_("Resolve"),
            permission=MAY_CHANGE,
            page=resolution_page,
            is_offered=in_state(CaseState.OPEN, CaseState.WAITING),
        ),
        Button(
            name="waiting",
            label=_("Wait for the customer"),
            permission=MAY_CHANGE,
            press=moving(cases.wait_for_customer, _("The case waits for the customer.")),
            is_offered=in_state(CaseState.OPEN),
        ),
        Button(
            name="continuation",
            label=_("Go on"),
            permission=MAY_CHANGE,
            press=moving(cases.resume_case, _("The case goes on.")),
            is_offered=in_state(CaseState.WAITING),
        ),
        Button(
            name="closure",
            label=_("Close"),
            permission=MAY_CHANGE,
            press=moving(cases.close_case, _("The case is closed.")),
            is_offered=in_state(CaseState.RESOLVED),
        ),
        Button(
            name="reopening",
            label=_("Reopen"),
            permission=MAY_CHANGE,
            press=moving(cases.reopen_case, _("The case is open again.")),
            is_offered=in_state(CaseState.RESOLVED, CaseState.CLOSED),
        ),
    )

    def get_inlines(self, request: HttpRequest, obj: Case | None) -> Any:
        return self.inlines if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Case | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": TOLD}), (_("Work"), {"fields": WORK})]
        state = {"fields": ENDED, "description": _("Every change of a case is a touchpoint.")}
        return [(None, {"fields": ("number", *TOLD)}), (_("Work"), {"fields": WORK}), (_("State"), state)]

    def get_readonly_fields(self, request: HttpRequest, obj: Case | None = None) -> tuple[str, ...]:
        return ("brand", "customer", *self.readonly_fields) if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Case, form: Any, change: bool) -> None:
        if change:
            changed = {name: form.cleaned_data[name] for name in form.changed_data if name in cases.CHANGEABLE}
            cases.change_case(case=obj, by=_user(request), **changed)
            return
        opened = cases.open_case(by=_user(request), **{name: getattr(obj, name) for name in (*TOLD, *WORK)})
        obj.pk, obj.number = opened.pk, opened.number

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for part in formset.save(commit=False):
            if isinstance(part, CaseComment):
                case_parts.comment_on_case(case=part.case, text=part.text, by=_user(request))
            else:
                told = {"subject": part.subject, "touchpoint": part.touchpoint}
                case_parts.link_case(case=part.case, by=_user(request), **told)


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user  # type: ignore[no-any-return]
