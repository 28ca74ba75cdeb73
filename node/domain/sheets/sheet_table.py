"""A sheet on its way out, as CSV or .xlsx: what a spreadsheet would take for a formula stays a text."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_LETTERS = 32_767
"""Of one cell of an .xlsx file."""
_BOM = "\ufeff"
"""Without it a spreadsheet on Windows takes UTF-8 for something else."""


class FileKind(StrEnum):
    """What a sheet is written as."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def content_type(self) -> str:
        """As HTTP says it."""
        if self is FileKind.CSV:
            return "text/csv"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Headings and rows of text; a row has as many cells as there are headings."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def written(table: Table, kind: FileKind) -> bytes:
    """The file's bytes."""
    return _csv(table) if kind is FileKind.CSV else _xlsx(table)


def defused(cell: str) -> str:
    """A cell of a CSV that no spreadsheet calculates: an apostrophe before what looks like a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def fused(cell: str) -> str:
    """Reverses ``defused``, for what comes back; any other text stays as it is."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" ").startswith(_FORMULA) else cell


def _csv(table: Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (table.headings, *table.rows):
        writer.writerow([defused(cell) for cell in row])
    return (_BOM + out.getvalue()).encode()


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
    # Style 1 is "text": what is typed into such a cell later is no formula either.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def _xlsx(table: Table) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _PARTS.items():
            packed.writestr(zipfile.ZipInfo(name), (_HEAD + content).encode(), zipfile.ZIP_DEFLATED)
        # The same bytes for the same rows: no time of day in the file.
        with packed.open(zipfile.ZipInfo("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for piece in _rows((table.headings, *table.rows)):
                sheet.write(piece.encode())
            sheet.write(b"</sheetData></worksheet>")
    return out.getvalue()


def _rows(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    # Inline texts: a spreadsheet never looks for a formula in one.
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{_letters(column)}{number}" s="1" t="inlineStr"><is><t xml:space="preserve">'
            f"{escape(_clean(cell))}</t></is></c>"
            for column, cell in enumerate(row)
            if cell
        )
        yield f'<row r="{number}">{cells}</row>'


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _clean(cell: str) -> str:
    """Without what XML cannot say."""
    kept = (
        c
        for c in cell
        if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )
    return "".join(kept)[:_MOST_LETTERS]
