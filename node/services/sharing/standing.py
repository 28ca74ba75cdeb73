"""How the node stands: for the health check, the ``status`` command and the line on the board after a restart."""

from dataclasses import asdict, dataclass
from typing import Any

from node.domain.actors import Actor
from node.domain.need import NeedState
from node.domain.permissions import Permission, require
from node.domain.sharing.epochs import HINTS, STOPS
from node.ports import NeighbourhoodReader
from node.services.sharing.recovery import Recovery
from node.services.sharing.recovery import Standing as OpenEnds
from node.services.sharing.timekeeping import Timekeeper
from node.store import audit, needs, peers, published, settings
from node.store.audit import Verified
from node.store.db import Database
from node.store.recovery import Lost
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
    clock_neighbours: dict[str, int]
    """Of ``neighbours`` that can be asked, how many were ``heard`` of late, and how many of these ``agree`` with it."""
    restored: bool
    """A restore awaits its new epoch."""
    stopped: dict[str, Any] | None
    """Why nothing is signed until a person does something: ``code``, ``words``, ``hint``, ``since``."""
    closed_since: list[dict[str, Any]]
    """Requests on hold because neighbours know them as over: ``need_id``, ``reference``, ``how``, ``day``."""
    lost: list[dict[str, Any]]
    """Requests that only neighbours know of: what their summaries say, and ``public_id``."""


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
    region: str | None
    """Two-letter country of telephone numbers written without a country code."""
    locked: bool


class Standing:
    """Reads how the node does; works locked, and before set-up."""

    def __init__(
        self,
        db: Database,
        vault: Vault,
        reader: NeighbourhoodReader,
        timekeeper: Timekeeper,
        recovery: Recovery,
    ) -> None:
        self._recovery = recovery
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
            held = await settings.held(tx)
            return About(
                name=held.get(settings.GROUP_NAME),
                phone=held.get(settings.PHONE),
                hours=held.get(settings.HOURS),
                language=held.get(settings.LANGUAGE),
                origin=held.get(settings.ORIGIN),
                public_url=held.get(settings.PUBLIC_URL),
                place=held.get(settings.PLACE),
                region=held.get(settings.REGION),
                locked=not self._vault.is_open(Compartment.PEOPLE),
            )

    async def language(self) -> str:
        """The code of the group's own language; every page asks before it knows anything else."""
        async with self._db.read() as tx:
            return await settings.get(tx, settings.LANGUAGE)

    async def record(self, actor: Actor) -> Verified:
        """Walks the record of who did what: how many rows, and the first one that does not hold, if any."""
        require(actor, Permission.READ_AUDIT)
        async with self._db.read() as tx:
            return await audit.verify(tx)

    async def status(self) -> Status:
        """For whoever holds the machine."""
        open_ends = await self._recovery.standing()
        clock_neighbours = asdict(await self._timekeeper.hands())
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
                clock_neighbours=clock_neighbours,
                restored=await settings.get(tx, settings.RESTORED_AT) is not None,
                stopped=_stopped(open_ends),
                closed_since=[
                    {
                        "need_id": each.need_id,
                        "reference": each.reference,
                        "how": str(each.how),
                        "day": each.heard_day.isoformat(),
                    }
                    for each in open_ends.on_hold
                ],
                lost=[lost_as_json(each) for each in open_ends.lost],
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


def _stopped(open_ends: OpenEnds) -> dict[str, Any] | None:
    if open_ends.stop is None:
        return None
    return {
        "code": str(open_ends.stop),
        "words": STOPS[open_ends.stop],
        "hint": HINTS[open_ends.stop],
        "since": open_ends.since,
    }


def lost_as_json(lost: Lost) -> dict[str, Any]:
    """A request that only neighbours know of, as commands show it."""
    content = lost.content
    return {
        "public_id": lost.public_id,
        "category": content.category,
        "cell": content.cell,
        "urgency": content.urgency,
        "status": content.status,
        "posted": content.posted,
    }


def as_json(status: Status) -> dict[str, Any]:
    """As the ``status`` command answers."""
    return asdict(status)
