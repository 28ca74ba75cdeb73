"""Peers: whose statements we accept and who may ask for ours, and what we agreed on. Nothing is personal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from node.store.db import Tx, kept


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRow:
    """One origin that our operators decided on, or have to. Times are Unix seconds."""

    origin: str
    url: str | None
    """Where it is reached; None when it only reaches us."""
    name: str
    state: str
    """asked, active, paused, blocked or left: see ``federation.ports.Peer``."""
    allow_private: bool
    """Whether its address may lie in a private network."""
    added_at: int
    role: str = "peer"
    """What it is to us: peer, hub (whom it vouches for is allowed too) or reader (brings nothing)."""
    vouched: bool = False
    """We are its hub."""
    checks_count: bool = False
    """Whether what it states about its volunteers' checks counts here."""
    ask_now: bool = False
    """Whether it may ring our people on duty for what is needed today."""
    gives: str = "both"
    """Which of our own sets it gets: both, public or nothing."""
    takes: tuple[str, ...] | None = None
    """Kinds of help of theirs that we show and accept offers for; None: all."""
    advise: bool = False
    """If it is blocked: whether our other peers may read that, as advice."""
    reason: str | None = None
    """If it is blocked: why, as a code of :data:`protocol.statements.ADVICE_REASONS`."""
    changed_to: str | None = None
    """The root key that answered at ``url`` instead of its own, until a person compared the words."""
    changed_at: int | None = None
    was: str = "active"
    """While it is paused or blocked, what it was before: active, left, asked (it waited for our yes) or brought (by a
    hub; nobody here had decided). Taken back, it is that again and no more."""

    @property
    def talks(self) -> bool:
        """Whether we ask it and answer it: active, and nobody else lives at its address."""
        return self.state == "active" and self.changed_to is None


_COLUMNS = (
    "origin, url, name, state, allow_private, added_at, role, vouched, checks_count, ask_now, gives, takes,"
    " advise, reason, changed_to, changed_at, was"
)
_NAMES = [name.strip() for name in _COLUMNS.split(",")]


async def put(tx: Tx, peer: PeerRow) -> None:
    """Adds the peer, or replaces all that was held of it but ``added_at``."""
    kept = ("origin", "added_at")
    await tx.execute(
        f"INSERT INTO peers ({_COLUMNS}) VALUES ({', '.join('?' for _ in _NAMES)}) ON CONFLICT (origin) DO UPDATE"
        f" SET {', '.join(f'{name} = excluded.{name}' for name in _NAMES if name not in kept)}",
        (
            peer.origin,
            peer.url,
            peer.name,
            peer.state,
            int(peer.allow_private),
            peer.added_at,
            peer.role,
            int(peer.vouched),
            int(peer.checks_count),
            int(peer.ask_now),
            peer.gives,
            None if peer.takes is None else json.dumps(peer.takes),
            int(peer.advise),
            peer.reason,
            peer.changed_to,
            peer.changed_at,
            peer.was,
        ),
    )


async def set_state(tx: Tx, origin: str, state: str) -> bool:
    """Whether there was such a peer to change."""
    cursor = await tx.execute("UPDATE peers SET state = ? WHERE origin = ?", (state, origin))
    return cursor.rowcount == 1


async def set_name(tx: Tx, origin: str, name: str) -> None:
    """Takes over the name a peer gives itself."""
    await tx.execute("UPDATE peers SET name = ? WHERE origin = ?", (name, origin))


async def set_changed(tx: Tx, origin: str, found: str | None, at: int | None) -> None:
    """Notes that another root key answers at the peer's address, or (None) that this was settled."""
    await tx.execute("UPDATE peers SET changed_to = ?, changed_at = ? WHERE origin = ?", (found, at, origin))


async def set_box_key(tx: Tx, origin: str, box_key: bytes) -> None:
    """Remembers to which box key a letter went last: the profile that told it falls with the end of the talks."""
    await tx.execute(
        "UPDATE peers SET box_key = ? WHERE origin = ? AND box_key IS NOT ?", (box_key, origin, box_key)
    )


async def box_key(tx: Tx, origin: str) -> bytes | None:
    """The box key that a letter went to last; None if none did since step 0111."""
    rows = await tx.execute_fetchall("SELECT box_key FROM peers WHERE origin = ?", (origin,))
    return next((row["box_key"] for row in rows), None)


async def delete(tx: Tx, origin: str) -> None:
    """Forgets a peer, and what it said when it asked to join."""
    await tx.execute("DELETE FROM peers WHERE origin = ?", (origin,))


@kept
async def get(tx: Tx, origin: str) -> PeerRow | None:
    """The peer of that origin."""
    rows = await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM peers WHERE origin = ?", (origin,))
    return next((_peer(row) for row in rows), None)


@kept
async def all_of_them(tx: Tx) -> Sequence[PeerRow]:
    """Every peer, blocked ones too, oldest first."""
    rows = await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM peers ORDER BY added_at, rowid")
    return [_peer(row) for row in rows]


def _peer(row: Any) -> PeerRow:
    takes = row["takes"]
    return PeerRow(
        origin=row["origin"],
        url=row["url"],
        name=row["name"],
        state=row["state"],
        allow_private=bool(row["allow_private"]),
        added_at=row["added_at"],
        role=row["role"],
        vouched=bool(row["vouched"]),
        checks_count=bool(row["checks_count"]),
        ask_now=bool(row["ask_now"]),
        gives=row["gives"],
        takes=None if takes is None else tuple(json.loads(takes)),
        advise=bool(row["advise"]),
        reason=row["reason"],
        changed_to=row["changed_to"],
        changed_at=row["changed_at"],
        was=row["was"],
    )
