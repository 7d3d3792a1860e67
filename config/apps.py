from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig

from config.celery import app as celery_app  # registered for every Django process, not for config.embedded

__all__ = ["AdminConfig", "celery_app"]


class AdminConfig(DjangoAdminConfig):
    default_site = "config.admin.KundenpfadAdminSite"
