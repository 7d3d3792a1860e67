from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig

from config.celery import app as celery_app  # registered for every Django process, not for config.embedded

__all__ = ["AdminConfig", "celery_app"]


class AdminConfig(DjangoAdminConfig):
    default_site = "config.admin.KundenpfadAdminSite"

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin

        # The schedule is code (config.celery), roles are code (accounts.roles), locks end by themselves.
        for model in list(admin.site._registry):
            if model._meta.app_label in {"auth", "axes", "django_celery_beat"}:
                admin.site.unregister(model)
