"""What a figure tells, in words: how it changed, and whether that is more than chance."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from insights.figures import Figure, difference_is_noise
from insights.formats import change_text
from insights.kpis import Better, Kpi


@dataclass(frozen=True, slots=True)
class Change:
    text: str
    direction: str
    """up, down, flat"""
    meaning: str
    """good, bad; empty where it may be chance or is neither."""


def change(kpi: Kpi, now: Figure, before: Figure) -> Change | None:
    """None where there is nothing to compare."""
    if now.value is None or before.value is None or now.is_too_few(kpi) or before.is_too_few(kpi):
        return None
    text = change_text(kpi, now.value, before.value)
    if difference_is_noise(now, before) is not False:
        return Change(text, "flat", "")
    direction = "up" if now.value > before.value else "down"
    if kpi.better == Better.NEITHER:
        return Change(text, direction, "")
    return Change(text, direction, "good" if direction == kpi.better else "bad")


def sentence(kpi: Kpi, now: Figure, before: Figure, *, days: int) -> str:
    if not now.n:
        return _("Nothing to count in the last %(days)s days.") % {"days": days}
    if now.is_too_few(kpi):
        return _("From %(needed)s cases on this figure says something; so far there are %(n)s.") % {
            "needed": kpi.few_below,
            "n": now.n,
        }
    changed = change(kpi, now, before)
    if changed is None:
        return _("The %(days)s days before hold too few cases for a comparison.") % {"days": days}
    if changed.direction == "flat":
        words = _("No clear change against the %(days)s days before: the difference (%(change)s) can be chance.")
    else:
        words = _("%(change)s against the %(days)s days before: more than chance.")
    return words % {"change": changed.text, "days": days}


def headline(changes: list[tuple[Kpi, Change | None]], *, days: int) -> str:
    """One sentence over all figures."""
    up = [str(kpi.name) for kpi, change in changes if change and change.direction == "up"]
    down = [str(kpi.name) for kpi, change in changes if change and change.direction == "down"]
    if up and down:
        return _("In the last %(days)s days these rose: %(up)s. These fell: %(down)s.") % _lists(up, down, days)
    if up:
        return _("In the last %(days)s days these rose: %(up)s.") % _lists(up, down, days)
    if down:
        return _("In the last %(days)s days these fell: %(down)s.") % _lists(up, down, days)
    if any(change for _kpi, change in changes):
        return _("In the last %(days)s days nothing changed by more than chance.") % {"days": days}
    return _("There is too little yet to compare the last %(days)s days with those before.") % {"days": days}


def _lists(up: list[str], down: list[str], days: int) -> dict[str, object]:
    return {"up": ", ".join(up), "down": ", ".join(down), "days": days}
