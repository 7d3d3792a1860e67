"""Classes of data that are kept for a time: declared by the app that keeps them, in ready(); the days are staff's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BATCH = 1000


@dataclass(frozen=True)
class DataClass:
    """`due` gives the rows that were last needed before a moment; `end` ends some of them and says how many."""

    key: str
    label: "StrOrPromise"
    days: int | None  # to begin with; None keeps them until somebody decides
    because: "StrOrPromise"  # why so long to begin with, with its source
    due: Callable[[datetime], QuerySet[Any]]
    end: Callable[[list[int]], int]


_classes: dict[str, DataClass] = {}


def register_data_class(data_class: DataClass) -> None:
    _classes[data_class.key] = data_class


def data_classes() -> dict[str, DataClass]:
    return dict(sorted(_classes.items()))


def older(model: type[Model], field: str, moment: datetime) -> QuerySet[Any]:
    return model._default_manager.filter(**{f"{field}__lt": moment}).order_by("pk")
