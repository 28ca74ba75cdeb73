"""What was kept of wrong lines: contradictions of groups, and lines that were refused."""

import base64
from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command

SHOWN = 120
"""So many characters of a refused line are shown; its bytes are a stranger's, so nothing of it is printed as it is."""


@command
async def evidence_proofs(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Pairs of lines by which a group contradicts itself; ``content``: all of them as one bundle that proves it."""
    found = await services.evidence.proofs(given["origin"])
    lines = dict.fromkeys(line for each in found for line in each.bundle.splitlines())
    content = b"".join(line + b"\n" for line in lines)
    return {
        "proofs": [{"id": each.origin, "name": each.name, "seen": each.seen} for each in found],
        "content": base64.b64encode(content).decode(),
    }


@command
async def evidence_refused(services: Services, given: Arguments) -> Mapping[str, Any]:
    """The newest lines that were refused, with the reason and who brought them."""
    return {
        "refused": [
            {
                "sha256": each.sha,
                "code": each.code,
                "detail": each.detail,
                "via": each.via,
                "times": each.times,
                "last_seen": each.last_seen,
                "begins": ascii(each.raw.decode("utf-8", "replace"))[1:-1][:SHOWN],
            }
            for each in await services.evidence.refused(given["limit"])
        ]
    }
