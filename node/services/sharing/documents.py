"""What this group publishes, as documents that tools of others can verify (W3C Data Integrity)."""

from collections.abc import Mapping, Sequence
from typing import Any

from node.domain.actors import Actor
from node.domain.permissions import Permission, require
from node.services.accounts.keyring import Keyring
from node.store import own_lines, published
from node.store.db import Database
from protocol import codec, w3c

PUBLIC = "public"

_OURS = ("profile", f"head:{PUBLIC}")
"""Our own lines beside the requests. The keys line is the root key's, which is on the rescue cards only."""


class Documents:
    """Exports of our own statements. Works while the vault is locked: nothing personal is read."""

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring

    async def public(self, actor: Actor) -> Sequence[Mapping[str, Any]]:
        """Our profile, the head of our set ``public``, and each line of that set, oldest first, as
        ``protocol.w3c.export`` writes them with the op key of now.

        Empty before the first publication. Raises ``NotAllowed``; ``Misconfigured`` without an op key.
        """
        require(actor, Permission.PUBLISH)
        async with self._db.read() as tx:
            found = [
                (line.epoch, line.seq, line.line) for line in await own_lines.all_of(tx) if line.name in _OURS
            ]
            found += [
                (row.epoch, row.seq, row.line) for row in await published.all_of(tx) if row.set_name == PUBLIC
            ]
        key = self._keyring.load()
        return [w3c.export(codec.read_line(line), key) for _, _, line in sorted(found)]
