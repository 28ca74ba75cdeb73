"""Incidents in a full export: what whoever takes it out can read moves, for whoever brings it in to read.

Some are sealed to named readers, so that a colleague whom one is about neither reads it nor sees that there is one.
Those move with the file of a reader alone, and are sealed there to the key of whoever brings it in, never to everybody
who looks after safety: one of them may be that colleague. A holder of the compartment is told no number of what stays,
because it could be of nothing but that; whoever holds none of it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from node.domain.actors import Actor
from node.services.desk import Desk
from node.store import compartments, incidents
from node.store.db import Tx
from node.vault import Compartment
from node.vault.keys import KeyPair
from node.vault.named import open_with, seal_for

TABLES = frozenset({"incidents", "incident_parts"})
_SAFE = Compartment.SAFEGUARDING


@dataclass(frozen=True, slots=True)
class Readable:
    """What moves: incidents by id, their parts by row, opened. ``others``: how many incidents stay; None: not told."""

    incidents: frozenset[str]
    parts: Mapping[str, Mapping[str, Any]]
    others: int | None


async def readable(tx: Tx, desk: Desk, actor: Actor, key: KeyPair | None) -> Readable:
    """What that actor can read, with the compartment if she holds it and with her own key."""
    holds = bool(actor.id) and _SAFE in await compartments.held_by(tx, actor.id or "")
    found: set[str] = set()
    opened: dict[str, Mapping[str, Any]] = {}
    rows = await incidents.all_of_them(tx)
    for incident_id, _ in rows:
        own = {}
        for row_id, box in await incidents.parts(tx, incident_id):
            value = open_with(key, _SAFE, "incident_parts", row_id, box) if key and box else None
            if value is None and box and holds and desk.vault.is_open(_SAFE):
                value = desk.vault.try_open(_SAFE, "incident_parts", row_id, box)
            if value is not None:
                own[row_id] = value
        # Notes alone, without what they are about, are nothing to read.
        if any(each.get("what") == "report" for each in own.values()):
            found.add(incident_id)
            opened |= own
    return Readable(frozenset(found), opened, None if holds else len(rows) - len(found))


@dataclass(frozen=True, slots=True)
class NewReader:
    """Whoever brings a file in. ``begun``: this node has the compartment."""

    id: str
    public: bytes
    begun: bool

    def box(self, desk: Desk, row_id: str, value: Mapping[str, Any]) -> bytes:
        """One part for its readers here; works in any thread."""
        if value.get("readers") is None and self.begun:
            return desk.vault.seal(_SAFE, "incident_parts", row_id, value)
        return seal_for(self.public, _SAFE, "incident_parts", row_id, {**value, "readers": [self.id]})
