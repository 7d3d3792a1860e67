"""The record of processing activities (Art. 30 DSGVO), made from what apps and models declare."""

from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.db import models
from django.utils.text import capfirst

from customers.models import RetentionRule
from customers.privacy.holdings import personal_fields
from customers.privacy.retention import data_classes


@dataclass(frozen=True)
class Category:
    title: str
    fields: list[str]


@dataclass(frozen=True)
class Activity:
    """One app: why it processes personal data, on which basis, and which."""

    title: str
    purpose: str
    legal_basis: str
    categories: list[Category]
    kept: list[tuple[str, int | None]]
    """Classes of data with the days they are kept; None until somebody asks to erase them."""


def activities() -> list[Activity]:
    found = [_activity(app) for app in reversed(list(apps.get_app_configs())) if hasattr(app, "processing_purpose")]
    return [activity for activity in found if activity.categories]


def _activity(app: Any) -> Activity:
    return Activity(
        title=capfirst(str(app.verbose_name)),
        purpose=str(app.processing_purpose),
        legal_basis=str(app.processing_basis),
        categories=_categories(app),
        kept=_kept(app),
    )


def _categories(app: AppConfig) -> list[Category]:
    models_ = [model for model in app.get_models() if personal_fields(model)]
    return [Category(capfirst(str(model._meta.verbose_name_plural)), _labels(model)) for model in models_]


def _labels(model: type[models.Model]) -> list[str]:
    return [str(it.verbose_name) for it in model._meta.concrete_fields if it.name in personal_fields(model)]


def _kept(app: AppConfig) -> list[tuple[str, int | None]]:
    days = dict(RetentionRule.objects.values_list("key", "days"))
    own = [it for it in data_classes().values() if it.key.startswith(f"{app.label}.")]
    return [(capfirst(str(it.label)), days.get(it.key)) for it in own]
