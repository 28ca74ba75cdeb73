"""By what the rows of sheets are known again: keyed hashes, also those of the node that this one was filled from."""

from dataclasses import dataclass

from node.services.desk import Desk
from node.store import past
from node.store.db import Tx
from node.vault import Compartment, index

PAST_KEYS = "past_row_keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprints:
    """Made by ``fingerprints``; good while the vault stays open."""

    keys: tuple[bytes, ...]
    """This node's own, the one for new rows first; then those of the nodes before."""

    def new(self, identity: str) -> bytes:
        """How a row that comes in now is remembered."""
        return index.under(self.keys[0], "row", identity)

    def any_of(self, identity: str) -> tuple[bytes, ...]:
        """Every way in which that row may be remembered here."""
        return tuple(index.under(key, "row", identity) for key in self.keys)


async def fingerprints(tx: Tx, desk: Desk) -> Fingerprints:
    """Raises ``Locked``."""
    held = []
    for row_id, sealed in (await past.row_keys(tx)).items():
        box = desk.vault.open(Compartment.PEOPLE, PAST_KEYS, row_id, sealed)
        held.append(bytes.fromhex(box["key"]))
    return Fingerprints(keys=(*desk.vault.row_keys(), *held))
