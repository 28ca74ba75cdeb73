"""How the node stands: for the health check, the ``status`` command and the line on the board after a restart."""

from dataclasses import asdict, dataclass
from typing import Any

from node.domain.actors import Actor
from node.domain.need import NeedState
from node.domain.permissions import Permission, require
from node.ports import NeighbourhoodReader
from node.services.timekeeping import Timekeeper
from node.store import audit, needs, peers, published, settings
from node.store.audit import Verified
from node.store.db import Database
from node.vault import Compartment, Vault
from protocol.identity import fingerprint_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Counts and codes only: nothing of a person."""

    id: str
    """The node's did:key; empty before set-up."""
    words: str
    name: str
    public_url: str
    set_up: bool
    locked: bool
    needs: dict[str, int]
    """How many needs are in each state."""
    published: dict[str, int]
    """Live summaries by set."""
    epoch: int
    seq: int
    peers: list[dict[str, Any]]
    clock_trusted: bool
    """Nothing is signed while the machine's clock cannot be believed."""
    restored: bool
    """A restore awaits its new epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What stands in the frame of every page."""

    name: str
    phone: str
    hours: str
    language: str
    origin: str
    public_url: str
    place: tuple[float, float] | None
    locked: bool


class Standing:
    """Reads how the node does; works locked, and before set-up."""

    def __init__(
        self, db: Database, vault: Vault, reader: NeighbourhoodReader, timekeeper: Timekeeper
    ) -> None:
        self._db = db
        self._vault = vault
        self._reader = reader
        self._timekeeper = timekeeper

    async def health(self) -> dict[str, Any]:
        """``status``, ``set_up``, ``locked``: for anybody, so nothing that counts people."""
        async with self._db.read() as tx:
            set_up = await settings.get(tx, settings.DONE)
        return {"status": "ok", "set_up": set_up, "locked": not self._vault.is_open(Compartment.PEOPLE)}

    async def about(self) -> About:
        """The group as anybody may know it; empty texts before set-up."""
        async with self._db.read() as tx:
            return About(
                name=await settings.get(tx, settings.GROUP_NAME),
                phone=await settings.get(tx, settings.PHONE),
                hours=await settings.get(tx, settings.HOURS),
                language=await settings.get(tx, settings.LANGUAGE),
                origin=await settings.get(tx, settings.ORIGIN),
                public_url=await settings.get(tx, settings.PUBLIC_URL),
                place=await settings.get(tx, settings.PLACE),
                locked=not self._vault.is_open(Compartment.PEOPLE),
            )

    async def record(self, actor: Actor) -> Verified:
        """Walks the record of who did what: how many rows, and the first one that does not hold, if any."""
        require(actor, Permission.READ_AUDIT)
        async with self._db.read() as tx:
            return await audit.verify(tx)

    async def status(self) -> Status:
        """For whoever holds the machine."""
        async with self._db.read() as tx:
            origin = await settings.get(tx, settings.ORIGIN)
            position = await published.position(tx)
            counted = await needs.counted_by_state(tx)
            rows = await peers.all_of_them(tx)
            status = Status(
                id=origin,
                words=" ".join(fingerprint_words(origin)) if origin else "",
                name=await settings.get(tx, settings.GROUP_NAME),
                public_url=await settings.get(tx, settings.PUBLIC_URL),
                set_up=await settings.get(tx, settings.DONE),
                locked=not self._vault.is_open(Compartment.PEOPLE),
                needs={state.value: counted.get(state.value, 0) for state in NeedState},
                published=await published.live_by_set(tx),
                epoch=position[0] if position else 0,
                seq=position[1] if position else 0,
                peers=[],
                clock_trusted=self._timekeeper.trusted(),
                restored=await settings.get(tx, settings.RESTORED_AT) is not None,
            )
        seen = {each.origin: each for each in await self._reader.origins()} if origin else {}
        for row in rows:
            heard = seen.get(row.origin)
            status.peers.append(
                {
                    "id": row.origin,
                    "name": row.name,
                    "url": row.url,
                    "state": row.state,
                    "copy": heard.state if heard else "unknown",
                    "live": heard.live if heard else 0,
                    "last_success": heard.last_success if heard else None,
                    "last_error": heard.last_error if heard else None,
                }
            )
        return status


def as_json(status: Status) -> dict[str, Any]:
    """As the ``status`` command answers."""
    return asdict(status)
