"""The smallest Excel workbooks that readers accept."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = f"""<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
</Types>"""
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


@dataclass
class cell:  # noqa: N801
    value: float
    is_date: bool = False


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]], *, corner: str = "") -> bytes:
    """`corner` names one more cell, for example the very last one."""
    names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    targets = "".join(_relation(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", TYPES)
        parts.writestr("_rels/.rels", _relations(_relation("rId1", "officeDocument", "xl/workbook.xml")))
        parts.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
        )
        parts.writestr("xl/_rels/workbook.xml.rels", _relations(targets + _relation("rId0", "styles", "styles.xml")))
        parts.writestr("xl/styles.xml", STYLES)
        for number, rows in enumerate(sheets.values(), 1):
            lines = "".join(_row(line, values) for line, values in enumerate(rows, 1))
            if corner:
                lines += f'<row r="1048576"><c r="{corner}"><v>1</v></c></row>'
            sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'
            parts.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
    return written.getvalue()


def _row(line: int, values: Sequence[object]) -> str:
    return f'<row r="{line}">{"".join(_cell(f"{chr(65 + place)}{line}", it) for place, it in enumerate(values))}</row>'


def _cell(place: str, value: object) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if isinstance(value, cell):
        return f'<c r="{place}" s="{int(value.is_date)}"><v>{value.value}</v></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def _relation(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def _relations(inner: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'
