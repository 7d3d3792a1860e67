"""The registry of figures: each is declared once, and everything about it is read from its declaration."""

from insights.kpis import loyalty, purchases, voice
from insights.kpis.definition import Better, Formula, Kpi, Unit

KPIS: dict[str, Kpi] = {kpi.key: kpi for kpi in (*purchases.KPIS, *loyalty.KPIS, *voice.KPIS)}

__all__ = ["KPIS", "Better", "Formula", "Kpi", "Unit"]
