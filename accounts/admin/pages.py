from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from accounts.admin.buttons import Button, reasons
from accounts.admin.deletion import without_links
from accounts.admin.history import history_context
from accounts.admin.narrowing import narrowings
from accounts.admin.paging import BoundedPaginator
from accounts.admin.widgets import SplitDateTime
from accounts.tracking import told_with
from accounts.visible import visible

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    ModelAdmin = admin.ModelAdmin[Any]
    Inline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    Inline = admin.TabularInline


class NewestRows(ChangeList):
    looked_back: int | None = None

    def get_queryset(self, request: HttpRequest, exclude_parameters: list[str | None] | None = None) -> Any:
        found = super().get_queryset(request, exclude_parameters)
        page: Any = self.model_admin
        parameters = set(request.GET) - {"p", "o", "e", "_popup", "_to_field"}
        if page.looks_back and parameters and parameters.isdisjoint(page.indexed_parameters):
            newest = self.model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
            self.looked_back = page.looks_back if newest > page.looks_back else None
            found = found.filter(pk__gt=newest - page.looks_back)
        return found


OVERRIDES: Any = {
    models.URLField: {"assume_scheme": "https"},
    models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": SplitDateTime},
    models.JSONField: {"widget": forms.Textarea(attrs={"rows": 3, "translate": "no", "spellcheck": "false"})},
}


class PageAdmin(ModelAdmin):
    """The pages of one model: lists that stay quick among millions of rows, words for the empty one, buttons."""

    about: ClassVar[StrOrPromise] = ""  # one sentence, on the start page and above the list
    when_empty: ClassVar[StrOrPromise] = ""  # how the first row comes here
    is_on_index: ClassVar[bool] = True  # off for what is reached through another page
    buttons: ClassVar[Sequence[Button]] = ()
    # Tables of millions: filters without an index look through so many of the newest rows, and say so.
    looks_back: ClassVar[int | None] = None
    indexed_parameters: ClassVar[tuple[str, ...]] = ("q", "customer__id__exact")

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    view_on_site = False
    formfield_overrides: ClassVar[Any] = OVERRIDES

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.is_on_index and super().has_module_permission(request)

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                f"<path:object_id>/{button.name}/",
                self.admin_site.admin_view(self.press),
                {"name": button.name},
                name=f"{self.opts.app_label}_{self.opts.model_name}_{button.name}",
            )
            for button in self.buttons
        ] + super().get_urls()

    def press(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """GET asks, POST does."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        button = next(button for button in self.buttons if button.name == name)
        if not button.may_be_pressed(request, row):
            raise PermissionDenied
        if button.page:
            return button.page(request, row)
        if request.method != "POST":
            return self._ask(request, row, button)
        try:
            told = button.press(request, row)
        except ValidationError as error:
            self.message_user(request, reasons(error), messages.ERROR)
        else:
            self.message_user(request, str(told), messages.SUCCESS)
            row = button.leads_to(row)
        return HttpResponseRedirect(self.address_of(row))

    def address_of(self, row: Any, *, page: str = "change") -> str:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[quote(row.pk)])

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.is_tracked:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": visible(str(row)),
            "subtitle": gettext("History"),
            "object": row,
            "opts": self.opts,
            "may_see_all": request.user.has_perm("accounts.view_change"),
            **history_context(request, self.history_rows(row), may_see=self._may_be_told(request)),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def history_rows(self, row: Any) -> list[Any]:
        """The records whose history is told on the page of this one, itself first."""
        return [row]

    @property
    def is_tracked(self) -> bool:
        return bool(told_with(self.model))

    def _may_be_told(self, request: HttpRequest) -> set[str]:
        """Links between two rows have no page of their own: they belong to this one."""
        pages: dict[str, Any] = {model._meta.label_lower: page for model, page in self.admin_site._registry.items()}
        told = told_with(self.model)
        return {it for it in told if it not in pages or pages[it].has_view_permission(request)}

    # One way to know who did what: the history that the database writes. Django's own log stays empty.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return []

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NewestRows

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        words: dict[str, Any] = {"title": title, "about": self.about, "when_empty": self.when_empty}
        words["narrowings"] = narrowings(self, request)
        return super().changelist_view(request, words | (extra_context or {}))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return *without_links(deleted, counts), lacking, protected

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new row has nothing yet to show where nothing can be typed."""
        sections = super().get_fieldsets(request, obj)
        if obj is not None:
            return sections
        shown = set(self.get_readonly_fields(request, obj))
        typed = [(name, rest | {"fields": [it for it in rest["fields"] if it not in shown]}) for name, rest in sections]
        return [(name, rest) for name, rest in typed if rest["fields"]]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None:
            # The page is about this row, not about changing one.
            context["title"], context["subtitle"] = visible(str(obj)), capfirst(str(self.opts.verbose_name))
            offered = [button for button in self.buttons if button.may_be_pressed(request, obj)]
            context["buttons"] = [(button, self.address_of(obj, page=button.name)) for button in offered]
            context["related_lists"] = self._related_lists(request, obj)
            context["has_history"] = self.is_tracked
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _ask(self, request: HttpRequest, row: Any, button: Button) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": button.label,
            "button": button,
            "object": row,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/press.html", context)

    def _related_lists(self, request: HttpRequest, row: Any) -> list[dict[str, str]]:
        """Links to the lists of what points here, also of apps this one must not know."""
        several = Counter(relation.related_model for relation in self.opts.related_objects)
        shown_here = {inline.model for inline in self.get_inline_instances(request, row)}
        found = []
        for relation in self.opts.related_objects:
            model: Any = relation.related_model
            page = self.admin_site._registry.get(model)
            if page is None or model in shown_here or not page.has_view_permission(request):
                continue
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            found.append({
                "label": capfirst(str(model._meta.verbose_name_plural)),
                "detail": str(relation.field.verbose_name) if several[model] > 1 else "",
                "address": f"{address}?{relation.field.name}__id__exact={row.pk}",
            })  # fmt: skip
        return found


class AppendOnlyAdmin(PageAdmin):
    """Rows that are added and then stay as they are."""

    actions = None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(AppendOnlyAdmin):
    """Rows that are derived: looked at here, written elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class ReadOnlyInline(Inline):
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
