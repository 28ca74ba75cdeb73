"""Spreadsheet files written by hand, with what real ones have: shared texts, days as numbers, joined cells."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DATE, CUSTOM_DATE, COLOURED = 1, 2, 3


def workbook(
    tabs: Mapping[str, Sequence[Sequence[Any]]],
    *,
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
    from_1904: bool = False,
    more: Mapping[str, str] | None = None,
) -> bytes:
    """An .xlsx file. A cell is text, a number, a bool, None, ``("date", serial)``, ``("formula", text, stored)``."""
    strings: dict[str, int] = {}
    sheets = {name: _sheet(rows, strings, merged) for name, rows in tabs.items()}
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"{_hidden(name, hidden)}/>'
        for n, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><workbookPr date1904="{int(from_1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{relations}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy;@"/>'
        '<numFmt numFmtId="165" formatCode="[Red]0.0"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">'
        + "".join(
            f"<si><r><t>{escape(text[:2])}</t></r><r><t>{escape(text[2:])}</t></r><rPh><t>x</t></rPh></si>"
            for text in strings
        )
        + "</sst>",
        **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)},
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return out.getvalue()


def _hidden(name: str, hidden: Sequence[str]) -> str:
    return ' state="hidden"' if name in hidden else ""


def _sheet(rows: Sequence[Sequence[Any]], strings: dict[str, int], merged: Sequence[str]) -> str:
    found = []
    for number, row in enumerate(rows, 1):
        cells = "".join(_cell(f"{chr(65 + at)}{number}", value, strings) for at, value in enumerate(row))
        found.append(f'<row r="{number}">{cells}</row>' if cells else "")
    joined = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    return (
        f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(found)}</sheetData>'
        f"<mergeCells>{joined}</mergeCells></worksheet>"
    )


def _cell(ref: str, value: Any, strings: dict[str, int]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{ref}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{ref}" s="{COLOURED}"><v>{value}</v></c>'
    if isinstance(value, tuple) and value[0] == "date":
        return f'<c r="{ref}" s="{value[2] if len(value) > 2 else DATE}"><v>{value[1]}</v></c>'
    if isinstance(value, tuple):
        return f'<c r="{ref}" t="str"><f>{escape(value[1])}</f><v>{escape(value[2])}</v></c>'
    at = strings.setdefault(value, len(strings))
    return f'<c r="{ref}" t="s"><v>{at}</v></c>'
