"""Moving a whole group to another node."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command, plain
from node.services.sheets.bringing_in import BroughtIn
from node.services.sheets.exporting import Exported

SAFETY_NOTES = (
    "Incidents that others alone can read, such as those about a colleague, are not in the file, and not counted to "
    "whoever holds the safety notes. Before you switch this node off, let everybody who looks after safety see to "
    "theirs (docs/operating.md, Move to another node)."
)
INCIDENTS = "{} of the incidents told here are sealed for others and stay behind."


@command
async def export_all(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Everything that moves, sealed; written by the node, so that it never leaves its hands unsealed."""
    async with services.access.acting_with_key(given["as"], given["password"]) as (actor, key):
        done = await services.export.run(actor, Path(given["file"]), given["passphrase"], key)
    told = dict(_told(done))
    many = told.pop("incidents_left")
    if many != 0:
        told["warning"] = SAFETY_NOTES if many is None else f"{INCIDENTS.format(many)} {SAFETY_NOTES}"
    return told


@command
async def import_all(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Such a file into this node, if it is empty; read where the node runs."""
    async with services.access.acting_as(given["as"], given["password"]) as actor:
        return _told(await services.bringing_in.run(actor, Path(given["file"]), given["passphrase"]))


def _told(report: Exported | BroughtIn) -> Mapping[str, Any]:
    """Tables without a row are not worth a line."""
    return {**plain(report), "rows": {name: count for name, count in report.rows.items() if count}}
