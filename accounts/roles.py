"""Roles are groups; each app declares in its AppConfig which permissions its models give to which role."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    CUSTOMER_SUCCESS = "customer_success", _("Customer success")
    TEAM_LEAD = "team_lead", _("Team lead")
    SERVICE_AGENT = "service_agent", _("Service agent")
    ANALYST = "analyst", _("Analyst")


def role_label(group: Group) -> str:
    return str(Role(group.name).label) if group.name in Role else group.name


def sync_roles(*, app_config: AppConfig, using: str, **_kwargs: Any) -> None:
    """Give every role exactly the permissions declared for this app; runs after each app's migrations."""
    # Django makes the permissions on the same signal, but only after us.
    create_permissions(app_config, verbosity=0, using=using)
    permissions = Permission.objects.filter(content_type__app_label=app_config.label)
    declared: dict[str, Sequence[str]] = getattr(app_config, "role_permissions", {})
    for role in Role:
        group, _created = Group.objects.get_or_create(name=role.value)
        wanted = permissions.filter(codename__in=declared.get(role.value, []))
        if role is Role.ADMINISTRATOR:
            wanted = permissions
        group.permissions.remove(*group.permissions.filter(content_type__app_label=app_config.label))
        group.permissions.add(*wanted)


def declared_permissions() -> dict[str, set[str]]:
    """Permissions named in any AppConfig, as `{"app.codename": {roles}}`; tests hold them against the models."""
    named: dict[str, set[str]] = {}
    for app in apps.get_app_configs():
        for role, codenames in getattr(app, "role_permissions", {}).items():
            for codename in codenames:
                named.setdefault(f"{app.label}.{codename}", set()).add(role)
    return named
