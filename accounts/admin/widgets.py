from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AdminDateWidget, AdminSplitDateTime, AdminTimeWidget
from django.forms import MultiWidget
from django.utils.translation import gettext_lazy as _


class SplitDateTime(AdminSplitDateTime):
    """Django's two boxes for date and time, each with a name of its own."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes = [AdminDateWidget({"aria-label": _("Date")}), AdminTimeWidget({"aria-label": _("Time")})]
        MultiWidget.__init__(self, boxes, attrs)
