from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import Button, reasons
from accounts.admin.pages import ReadOnlyAdmin
from accounts.visible import visible
from customers.actions import AlreadyDecidedError, decide, reopen
from customers.actions.accesses import note_access
from customers.models import AccessKind, Comparison, Merge, MergeSuggestion
from customers.models.customer import CustomerKind
from customers.models.suggestion import Decision, SuggestionState
from customers.side_by_side import lines

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from customers.querysets import MergeSuggestionQuerySet

MAY_DECIDE = "customers.change_mergesuggestion"
UNDO_OFFERED_FOR = timedelta(hours=1)
MOST_COUNTED = 1000
MOST_MERGES = 10


class DecisionForm(forms.Form):
    decision = forms.TypedChoiceField(choices=Decision.choices, coerce=Decision)
    kept = forms.IntegerField(required=False)
    seen = forms.CharField()


class WaitingFilter(admin.SimpleListFilter):
    """What is to be decided now, unless something else is wanted."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [(state.value, state.label) for state in SuggestionState if state != SuggestionState.OPEN]

    def choices(self, changelist: Any) -> Iterator[Any]:
        waiting, *others = super().choices(changelist)
        yield waiting | {"display": _("to decide")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: MergeSuggestionQuerySet) -> MergeSuggestionQuerySet:  # type: ignore[override]
        if self.value():
            return queryset.filter(state=self.value())
        return queryset.waiting(today=timezone.localdate())


def undo(request: HttpRequest, suggestion: MergeSuggestion) -> str:
    user: Any = request.user
    if reopen(suggestion=suggestion, by=user).is_one_person:
        return gettext("Taken back. The two still stand for one person, by a merge made elsewhere: undo that as well.")
    return gettext("Taken back: the suggestion is open again.")


@admin.register(MergeSuggestion)
class MergeSuggestionAdmin(ReadOnlyAdmin):
    about = _("Records that may be one person, likeliest first. Nothing is merged until somebody says so.")
    when_empty = _("Suggestions come by themselves when two records share a name, an address, a phone or a device.")
    list_filter = (WaitingFilter,)
    list_select_related = ("one", "other", "decided_by")
    ordering = ("-score", "-id")
    sortable_by = ()
    buttons = (
        Button(
            name="undoing",
            label=_("Take back"),
            permission=MAY_DECIDE,
            press=undo,
            is_offered=lambda suggestion: suggestion.state != SuggestionState.OPEN,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[MergeSuggestion]:
        return super().get_queryset(request).select_related("one__canonical", "other__canonical", "decided_by")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        is_decided = bool(request.GET.get(WaitingFilter.parameter_name))
        last = ("decided_by", "decided_at") if is_decided else ("created_at",)
        return ("records", "likelihood", "reasons_told", *last)

    def get_urls(self) -> list[URLPattern]:
        decision = self.admin_site.admin_view(self.decision)
        name = "customers_mergesuggestion_decision"
        return [path("<path:object_id>/decision/", decision, name=name), *super().get_urls()]

    def waiting_count(self) -> int:
        waiting = MergeSuggestion.objects.waiting(today=timezone.localdate())
        return waiting.order_by()[:MOST_COUNTED].count()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        suggestion = self._suggestion(request, object_id)
        user: Any = request.user
        one, other = suggestion.one.person, suggestion.other.person
        for person in {one, other}:
            note_access(kind=AccessKind.PAGE, by=user, customer=person.pk)
        context = self.admin_site.each_context(request) | {
            "title": gettext("One company?") if one.kind == CustomerKind.COMPANY else gettext("One person?"),
            "subtitle": visible(str(suggestion)),
            "opts": self.opts,
            "suggestion": suggestion,
            "people": [(suggestion.one_id, one), (suggestion.other_id, other)],
            "merges": Merge.objects.standing().filter(kept__canonical=one)[:MOST_MERGES],
            "lines": [] if suggestion.is_one_person else lines(one, other, user=user),
            "may_decide": user.has_perm(MAY_DECIDE),
            "decisions": Decision,
            "waiting": self.waiting_count(),
            "just_decided": self._just_decided(request),
        }
        return TemplateResponse(request, "admin/customers/suggestion.html", context)

    def decision(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Decides as the page showed it, and goes on to the next suggestion."""
        suggestion = self._suggestion(request, object_id)
        user: Any = request.user
        if request.method != "POST" or not user.has_perm(MAY_DECIDE):
            raise PermissionDenied
        form = DecisionForm(request.POST)
        try:
            if not form.is_valid():
                raise ValidationError(gettext("Choose what to do with the two records."))
            decide(suggestion=suggestion, by=user, **form.cleaned_data)
        except AlreadyDecidedError as error:
            told = gettext("Somebody was quicker, nothing was done: %(told)s") % {"told": reasons(error)}
            self.message_user(request, told, messages.WARNING)
            return HttpResponseRedirect(self.address_of(suggestion))
        except ValidationError as error:
            self.message_user(request, reasons(error), messages.ERROR)
            is_gone = not MergeSuggestion.objects.filter(pk=suggestion.pk).exists()
            return HttpResponseRedirect(self.list_address() if is_gone else self.address_of(suggestion))
        self.log_change(request, suggestion, [{"changed": {"name": str(form.cleaned_data["decision"].label)}}])
        following = MergeSuggestion.objects.waiting(today=timezone.localdate()).first()
        return HttpResponseRedirect(f"{self.address_of(following or suggestion)}?decided={suggestion.pk}")

    def list_address(self) -> str:
        return reverse("admin:customers_mergesuggestion_changelist")

    def _suggestion(self, request: HttpRequest, object_id: str) -> MergeSuggestion:
        suggestion: MergeSuggestion | None = self.get_object(request, unquote(object_id))
        if suggestion is None:
            raise Http404
        if not self.has_view_permission(request, suggestion):
            raise PermissionDenied
        return suggestion

    def _just_decided(self, request: HttpRequest) -> MergeSuggestion | None:
        """What this person decided a moment ago and may take back."""
        pk = request.GET.get("decided", "")
        if not pk.isdecimal():
            return None
        own = self.get_queryset(request).filter(decided_by=request.user.pk).exclude(state=SuggestionState.OPEN)
        return own.filter(pk=int(pk[:18]), decided_at__gte=timezone.now() - UNDO_OFFERED_FOR).first()

    @admin.display(description=_("records"))
    def records(self, suggestion: MergeSuggestion) -> str:
        return str(suggestion)

    @admin.display(description=_("likelihood"))
    def likelihood(self, suggestion: MergeSuggestion) -> str:
        return suggestion.likelihood_told

    @admin.display(description=_("in common"))
    def reasons_told(self, suggestion: MergeSuggestion) -> str:
        return suggestion.reasons_told


@admin.register(Comparison)
class ComparisonAdmin(ReadOnlyAdmin):
    about = _("Records still to be compared with all others; each goes within seconds.")
    when_empty = _("A row comes whenever a name or an address is new.")
    is_on_index = False
    list_display = ("id", "customer", "other", "evidence", "noted_at")
    list_select_related = ("customer", "other")
    sortable_by = ()
