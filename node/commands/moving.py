"""Moving a whole group to another node."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command, plain
from node.services.sheets.bringing_in import BroughtIn
from node.services.sheets.exporting import Exported


@command
async def export_all(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Everything that moves, sealed; written by the node, so that it never leaves its hands unsealed."""
    async with services.access.acting_as(given["as"], given["password"]) as actor:
        return _told(await services.export.run(actor, Path(given["file"]), given["passphrase"]))


@command
async def import_all(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Such a file into this node, if it is empty; read where the node runs."""
    async with services.access.acting_as(given["as"], given["password"]) as actor:
        return _told(await services.bringing_in.run(actor, Path(given["file"]), given["passphrase"]))


def _told(report: Exported | BroughtIn) -> Mapping[str, Any]:
    """Tables without a row are not worth a line."""
    return {**plain(report), "rows": {name: count for name, count in report.rows.items() if count}}
