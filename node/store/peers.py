"""Peers: whose statements we accept and who may ask for ours. Nothing here is personal."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRow:
    """One allowed, paused or blocked origin."""

    origin: str
    url: str | None
    """Where it is reached; None when it only reaches us."""
    name: str
    state: str
    """active, paused or blocked."""
    allow_private: bool
    """Whether its address may lie in a private network."""
    added_at: int


_COLUMNS = "origin, url, name, state, allow_private, added_at"


async def put(tx: Tx, peer: PeerRow) -> None:
    """Adds the peer, or replaces what was held of it."""
    await tx.execute(
        f"INSERT INTO peers ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (origin) DO UPDATE SET url = excluded.url, name = excluded.name, state = excluded.state,"
        " allow_private = excluded.allow_private",
        (peer.origin, peer.url, peer.name, peer.state, int(peer.allow_private), peer.added_at),
    )


async def set_state(tx: Tx, origin: str, state: str) -> bool:
    """Whether there was such a peer to change."""
    cursor = await tx.execute("UPDATE peers SET state = ? WHERE origin = ?", (state, origin))
    return cursor.rowcount == 1


async def set_name(tx: Tx, origin: str, name: str) -> None:
    """Takes over the name a peer gives itself."""
    await tx.execute("UPDATE peers SET name = ? WHERE origin = ?", (name, origin))


async def get(tx: Tx, origin: str) -> PeerRow | None:
    """The peer of that origin."""
    rows = await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM peers WHERE origin = ?", (origin,))
    return next((_peer(tuple(row)) for row in rows), None)


async def all_of_them(tx: Tx) -> Sequence[PeerRow]:
    """Every peer, blocked ones too, oldest first."""
    rows = await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM peers ORDER BY added_at, origin")
    return [_peer(tuple(row)) for row in rows]


def _peer(row: tuple[str, str | None, str, str, int, int]) -> PeerRow:
    origin, url, name, state, allow_private, added_at = row
    return PeerRow(
        origin=origin, url=url, name=name, state=state, allow_private=bool(allow_private), added_at=added_at
    )
