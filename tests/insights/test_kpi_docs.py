"""docs/kpis.md names every figure and every parameter, and no others."""

import re
from pathlib import Path

from insights.api.serializers import KpiQuery
from insights.kpis import KPIS

TEXT = (Path(__file__).parent.parent.parent / "docs/kpis.md").read_text()
ROWS = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", TEXT, re.MULTILINE))


def test_it_names_every_figure_with_its_unit():
    assert {key: str(kpi.unit) for key, kpi in KPIS.items()} == ROWS


def test_it_names_every_parameter():
    words = set(re.findall(r"`(\w+)", TEXT)) | set(re.findall(r"(\w+)=", TEXT))
    assert set(KpiQuery().fields) - words == set()
