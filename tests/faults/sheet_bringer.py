"""A node that brings a sheet in and kills itself just before the n-th row is remembered: python -m
tests.faults.sheet_bringer FOLDER STORE-VERB N. What an earlier one left goes on.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from node.app import Node, open_node
from node.clock import SystemClock
from node.config import Config
from node.domain.actors import Actor
from node.domain.sheets.mapping import Sort
from node.services.accounts.passwords import Passwords
from node.services.sheets.sheet_views import Said
from node.store import imports
from node.vault.keys import QUICK
from tests.harness.desk_process import PASSWORD

ROWS = 110
SHEET = "Name,Phone,Street,What do you need?\n" + "".join(
    f"Made Up {n},07700 900{n:03d},{n} Imaginary Row,{'Shopping; Lifts' if n % 2 else 'Gardening'}\n"
    for n in range(ROWS)
)
COLUMNS = {"Name": "name", "Phone": "phone", "Street": "address", "What do you need?": "categories"}


async def begin(node: Node, actor: Actor) -> None:
    """As its owner does on the pages."""
    sheet = await node.services.sheet_desk.begin(actor, SHEET.encode())
    said = Said(sort=Sort.NEEDS, name="Form", columns=COLUMNS, dates="", open_=True)
    await node.services.sheet_desk.describe(actor, sheet, said)
    await node.services.sheet_runs.start(actor, sheet)


async def main(folder: Path, verb: str, at: int) -> None:
    """Begins, or goes on; and dies."""
    real, seen = getattr(imports, verb), 0

    async def put(*given: Any, **more: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
        await real(*given, **more)

    setattr(imports, verb, put)
    config = Config(data=folder, listen="127.0.0.1:0", public_url="")
    async with open_node(config, SystemClock(), os.urandom, passwords=Passwords(QUICK)) as node:
        actor = (await node.services.access.sign_in("kim", PASSWORD)).actor
        if not await node.services.sheet_desk.mine(actor):
            await begin(node, actor)
        await node.services.sheet_runs.go_on()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
