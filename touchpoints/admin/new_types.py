"""The page on which staff say what unknown types mean: something of their own, or the same as a known one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.buttons import reasons
from touchpoints.actions.vocabulary import classify_type, merge_type
from touchpoints.models import Channel, Rereading, Touchpoint, TouchpointType
from touchpoints.similar_names import likeliest

if TYPE_CHECKING:
    from collections.abc import Mapping

    TypeModelForm = forms.ModelForm[TouchpointType]
    TypeField = forms.ModelChoiceField[TouchpointType]
else:
    TypeModelForm, TypeField = forms.ModelForm, forms.ModelChoiceField

MAY_CURATE = "touchpoints.change_touchpointtype"
MAY_SEE_SAMPLES = "touchpoints.view_touchpoint"
SHOWN_AT_ONCE = 10
SAMPLES = 3


class ClassifyForm(TypeModelForm):
    class Meta:
        model = TouchpointType
        fields = ("label_de", "label_en", "phase", "channel", "default_valence")

    def __init__(self, *args: Any, channels: Iterable[Channel] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channels is not None:  # one list for all forms of the page
            channel: Any = self.fields["channel"].widget
            channel.choices = [("", "---------"), *((it.pk, it.label) for it in channels)]
        self.fields["phase"].required = True
        for field in self.fields.values():
            field.help_text = ""  # what they are is told once, on top of the page


class MergeForm(forms.Form):
    into = TypeField(
        TouchpointType.objects.none(), label=_("Means the same as"), empty_label=_("Please choose"), required=True
    )

    def __init__(self, *args: Any, type: TouchpointType, known: Iterable[TouchpointType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = TouchpointType.objects.standing().exclude(pk=type.pk)
        # One list for all forms of the page.
        choices = sorted((it for it in known if it.pk != type.pk), key=lambda it: it.label.casefold())
        into.widget.choices = [("", _("Please choose")), *((it.pk, f"{it.label} ({it.key})") for it in choices)]


def new_types_page(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(MAY_CURATE):
        raise PermissionDenied
    tried: dict[int, dict[str, Any]] = {}
    if request.method == "POST":
        type = get_object_or_404(TouchpointType.objects.waiting(), pk=request.POST.get("type", "0"))
        forms_of_type, told = _decided(request, type)
        if told:
            messages.success(request, told)
            return HttpResponseRedirect(f"{reverse('admin:touchpoints_touchpointtype_new')}?done={type.pk}")
        tried[type.pk] = forms_of_type
    status = 422 if tried else 200
    return TemplateResponse(request, "admin/touchpoints/new_types.html", _context(request, tried), status=status)


def merging_page(request: HttpRequest, type: TouchpointType) -> HttpResponse:
    """For a type that is classified already."""
    known = TouchpointType.objects.standing()
    form = MergeForm(request.POST or None, type=type, known=known, initial={"into": _suggested(type, known)})
    address = reverse("admin:touchpoints_touchpointtype_change", args=[type.pk])
    if form.is_valid() and (told := _merged(type, form)):
        messages.success(request, told)
        return HttpResponseRedirect(address)
    context = admin.site.each_context(request) | {
        "title": _("Merge into another type"), "subtitle": str(type), "opts": TouchpointType._meta,
        "type": type, "form": form, "address": address,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/touchpoints/merging.html", context, status=status)


def _decided(request: HttpRequest, type: TouchpointType) -> tuple[dict[str, Any], str]:
    """The form that was sent, and what to tell when it was done."""
    if request.POST.get("as") == "alias":
        form = MergeForm(request.POST, type=type, known=TouchpointType.objects.standing(), auto_id=f"{type.pk}-%s")
        return {"merge": form}, _merged(type, form) if form.is_valid() else ""
    own = ClassifyForm(request.POST, instance=type, auto_id=f"{type.pk}-%s")
    if not own.is_valid():
        return {"classify": own}, ""
    classify_type(type=type, **own.cleaned_data)
    return {}, gettext("“%(type)s” is classified.") % {"type": type}


def _merged(type: TouchpointType, form: forms.Form) -> str:
    into = form.cleaned_data["into"]
    try:
        merge_type(type=type, into=into)
    except ValidationError as refused:
        form.add_error("into", reasons(refused))
        return ""
    said = gettext("“%(type)s” now means “%(into)s”. What depends on it is computed again in the background.")
    return said % {"type": type, "into": into}


def _context(request: HttpRequest, tried: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    waiting = TouchpointType.objects.waiting()
    shown = waiting.select_related("use").order_by(F("use__arrivals").desc(nulls_last=True), "key")[:SHOWN_AT_ONCE]
    known = list(TouchpointType.objects.standing().filter(state="active"))
    channels = list(Channel.objects.all())
    cards = [_card(type, known, channels, tried.get(type.pk, {})) for type in shown]
    _add_samples(cards, may_see=request.user.has_perm(MAY_SEE_SAMPLES))
    done = request.GET.get("done", "")
    merged = TouchpointType.objects.filter(merged_into__isnull=False).select_related("merged_into")
    return admin.site.each_context(request) | {
        "title": _("New event types"),
        "opts": TouchpointType._meta,
        "cards": cards,
        "waiting": waiting.count(),
        "under_way": Rereading.objects.unfinished().order_by("id").select_related("type"),
        "just_merged": merged.filter(pk=int(done[:18])).first() if done.isdecimal() else None,
    }


def _card(
    type: TouchpointType, known: list[TouchpointType], channels: list[Channel], tried: Mapping[str, Any]
) -> dict[str, Any]:
    auto_id = f"{type.pk}-%s"
    likely = _suggested(type, known)
    merge = MergeForm(type=type, known=known, initial={"into": likely}, auto_id=auto_id)
    classify = ClassifyForm(instance=type, auto_id=auto_id, channels=channels)
    return {"type": type, "likely": likely, "merge": merge, "classify": classify, "samples": []} | dict(tried)


def _suggested(type: TouchpointType, known: Iterable[TouchpointType]) -> TouchpointType | None:
    names = {name: it for it in known if it.pk != type.pk for name in (it.key, *it.aliases, it.label_de, it.label_en)}
    return likeliest(type.key, names)


def _add_samples(cards: list[dict[str, Any]], *, may_see: bool) -> None:
    """The newest touchpoints of each, found by their numbers: what was erased is not there."""
    wanted = [pk for card in cards if hasattr(card["type"], "use") for pk in card["type"].use.newest[:SAMPLES]]
    rows = Touchpoint.objects.filter(pk__in=wanted).select_related("source").order_by("-pk") if may_see else ()
    by_type: dict[int | None, list[dict[str, Any]]] = {}
    for row in rows:
        text = json.dumps(row.properties, ensure_ascii=False, indent=2) if row.properties else ""
        by_type.setdefault(row.type_id, []).append({"touchpoint": row, "properties": text})
    for card in cards:
        card["samples"] = by_type.get(card["type"].pk, [])
