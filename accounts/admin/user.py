from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.admin.pages import PageAdmin
from accounts.models import Team, User
from accounts.roles import Role, role_label

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    GroupChoiceField = forms.ModelMultipleChoiceField[Group]
    ChangeForm = UserChangeForm[User]
    CreationForm = AdminUserCreationForm[User]
    AuthUserAdmin = DjangoUserAdmin[User]
else:
    ChangeForm, CreationForm, AuthUserAdmin = UserChangeForm, AdminUserCreationForm, DjangoUserAdmin
    GroupChoiceField = forms.ModelMultipleChoiceField


class RoleField(GroupChoiceField):
    def label_from_instance(self, group: Group) -> str:
        return role_label(group)


class TeamsForm(forms.Form):
    """Teams are kept on the team's side, and chosen on the person's page too."""

    teams = forms.ModelMultipleChoiceField(
        label=capfirst(_("teams")),
        queryset=Team.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whose cases this person works."),
    )
    instance: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)  # a page is read from its top
        if self.instance.pk and "teams" in self.fields:
            self.fields["teams"].initial = self.instance.teams.all()

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        if "teams" in self.cleaned_data:
            self.instance.teams.set(self.cleaned_data["teams"])


class UserForm(TeamsForm, ChangeForm):
    pass


class NewUserForm(TeamsForm, CreationForm):
    pass


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [(role.value, role.label) for role in Role]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class UserAdmin(PageAdmin, AuthUserAdmin):
    about = _("The people on our side, with their role and teams.")
    when_empty = _("Add everyone who works with Kundenpfad; a role decides what they see.")
    form = UserForm
    add_form = NewUserForm
    list_display = ("__str__", "username", "email", "roles", "in_teams", "is_active", "last_login")
    list_filter = ("is_active", RoleFilter, "teams")
    list_select_related = False
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("last_name", "first_name", "username")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "roles", "in_teams")
    work_fields = ("groups", "teams", "is_staff", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
        (_("Role and teams"), {"fields": work_fields}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
        (_("Role and teams"), {"fields": work_fields}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups", "teams")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return [
            (None, {"fields": ("username", "first_name", "last_name", "email", "language")}),
            (_("Role and teams"), {"fields": ("roles", "in_teams", "is_staff", "is_active")}),
            (_("Dates"), {"fields": ("last_login", "date_joined")}),
        ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        return RoleField(
            label=capfirst(_("roles")),
            queryset=Group.objects.filter(name__in=Role.values).order_by("id"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("What this person may see and do; several roles add up."),
        )

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only a superuser may touch a superuser: else an administrator could take over the account."""
        return super().has_change_permission(request, obj) and self._is_at_most_equal(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_at_most_equal(request, obj)

    def _is_at_most_equal(self, request: HttpRequest, obj: User | None) -> bool:
        return obj is None or not obj.is_superuser or request.user.is_superuser

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(role_label(group) for group in user.groups.all())

    @admin.display(description=_("teams"))
    def in_teams(self, user: User) -> str:
        return ", ".join(team.name for team in user.teams.all())
