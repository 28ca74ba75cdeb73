"""The other side of ``script/bench nostr``: runs in an environment that has nostr-relay, and imports nothing of ours.

Reads one text a line from standard input, makes a signed event of each, and then times (CPU of the whole process)
how long the relay's own way in takes: parse, validate with the validators it ships with, store. Prints a line of JSON.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from aionostr.event import Event
from aionostr.key import PrivateKey
from nostr_relay.config import Config
from nostr_relay.storage import get_metadata, get_storage
from nostr_relay.util import json_loads


async def main(folder: Path) -> None:
    """Signs, stores, counts."""
    key = PrivateKey(bytes(range(1, 33)))
    lines = []
    for number, text in enumerate(sys.stdin.read().splitlines()):
        event = Event(
            pubkey=key.public_key.hex(), content=text, created_at=int(time.time()) - number % 1000, kind=1
        )
        event.sign(key.hex())
        lines.append(json.dumps(event.to_json_object()))

    Config.load()
    Config.logging = None
    Config.storage["sqlalchemy.url"] = f"sqlite+aiosqlite:///{folder / 'relay.db'}"
    storage = get_storage()
    await storage.setup()
    async with storage.db.begin() as connection:
        await connection.run_sync(get_metadata().create_all)

    began = time.process_time()
    changed = 0
    for line in lines:
        _, fresh = await storage.add_event(json_loads(line))
        changed += fresh
    spent = time.process_time() - began

    forged = json_loads(lines[0])
    forged["content"] += "!"
    refused = False
    try:
        await storage.add_event(forged | {"id": None})
    except Exception:
        refused = True
    await storage.close()
    print(
        json.dumps({"seconds": spent, "stored": changed, "bytes": sum(map(len, lines)), "refused": refused})
    )


asyncio.run(main(Path(sys.argv[1])))
