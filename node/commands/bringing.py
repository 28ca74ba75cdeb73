"""Bringing in what others wrote."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command, plain
from node.domain.actors import CONSOLE
from node.domain.sheets.sheet_table import FileKind, written
from node.services.sheets.imports import Handling

SHOWN_ROWS = 500
"""Rows of a dry run that are told one by one; the counts are of all."""


@command
async def import_sheet(services: Services, given: Arguments) -> Mapping[str, Any]:
    """A sheet of needs, volunteers or past matches, as somebody; ``back``: also the rows that stay out, as a file."""
    data = base64.b64decode(given["file"])
    how = Handling(
        open_=given["open"],
        consent=given.get("consent"),
        encoding=given.get("encoding") or "",
        tab=given.get("tab") or "",
    )
    async with services.access.acting_as(given["as"], given["password"]) as actor:
        if given["dry_run"]:
            preview = await services.imports.preview(actor, data, given["mapping"], how)
            shown = replace(preview, rows=preview.rows[:SHOWN_ROWS], unknown={})
            unknown = [
                {"field": field, "text": text, "rows": rows}
                for (field, text), rows in preview.unknown.items()
            ]
            told = {
                "dry_run": True,
                "needs": preview.needs,
                "rows_in_all": len(preview.rows),
                **plain(shown),
                "unknown": unknown,
            }
        else:
            told = {"dry_run": False, **plain(await services.imports.run(actor, data, given["mapping"], how))}
        if given.get("back"):
            table = await services.imports.handed_back(actor, data, given["mapping"], how)
            told["back"] = base64.b64encode(written(table, FileKind(given["back"]))).decode()
        return told


@command
async def places_import(services: Services, given: Arguments) -> Mapping[str, Any]:
    """A public place file; read where the node runs."""
    report: Mapping[str, Any] = plain(await services.places.import_file(Path(given["file"]), actor=CONSOLE))
    return report
