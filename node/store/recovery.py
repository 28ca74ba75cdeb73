"""What came to light after a backup was brought back: requests known elsewhere only, and those closed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from node.domain.sharing.publication import Content
from node.domain.sharing.recovery import Closed
from node.store.db import Tx
from node.store.settings import Setting


def _maybe_int(value: int | None) -> int | None:
    return None if value is None else int(value)


BEHIND_AT: Setting[int | None] = Setting("epoch_behind_at", _maybe_int, None)
"""Unix seconds of the last time an epoch was begun by itself above lines of ours that we did not know."""
STOPPED_AT: Setting[int | None] = Setting("publishing_stopped_at", _maybe_int, None)
"""Unix seconds since which nothing is signed, because a second copy of this node seems to run; None: not stopped."""
STILL_TO_ASK: Setting[list[str]] = Setting("restore_still_to_ask", list, [])
"""Origins that we have still to ask how things stand between us, after a backup came back."""
WAITS_SINCE: Setting[int | None] = Setting("restore_waits_since", _maybe_int, None)
"""Unix seconds since which a restored node waits for the first neighbour to answer; None: it does not wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A request that only neighbours know of."""

    public_id: str
    set_name: str
    content: Content
    found_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedSince:
    """A need of ours that is on hold because it is over at the neighbours."""

    need_id: str
    how: Closed
    heard_day: date
    found_at: int
    reference: str = ""
    """Its nine digits; filled when read."""
    category: str = ""


async def add_lost(tx: Tx, row: Lost) -> None:
    """Adds one; one that is known already, settled or not, stays as it is."""
    await tx.execute(
        "INSERT INTO lost(public_id, set_name, content, found_at) VALUES(?, ?, ?, ?)"
        " ON CONFLICT(public_id) DO NOTHING",
        (row.public_id, row.set_name, row.content.to_json(), row.found_at),
    )


async def lost(tx: Tx) -> Sequence[Lost]:
    """What nobody has settled yet, oldest need first."""
    rows = await tx.execute_fetchall(
        "SELECT public_id, set_name, content, found_at FROM lost WHERE settled_at IS NULL ORDER BY public_id"
    )
    found = [
        Lost(
            public_id=row["public_id"],
            set_name=row["set_name"],
            content=Content.from_json(row["content"]),
            found_at=row["found_at"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.content.posted, one.public_id))


async def settle_lost(tx: Tx, public_id: str, at: int, by: str) -> bool:
    """Whether it was waiting."""
    done = await tx.execute(
        "UPDATE lost SET settled_at = ?, settled_by = ? WHERE public_id = ? AND settled_at IS NULL",
        (at, by, public_id),
    )
    return done.rowcount == 1


async def put_closed(tx: Tx, row: ClosedSince) -> None:
    """Notes why a need was put on hold."""
    await tx.execute(
        "INSERT OR REPLACE INTO closed_since(need_id, how, heard_day, found_at) VALUES(?, ?, ?, ?)",
        (row.need_id, row.how, row.heard_day.isoformat(), row.found_at),
    )


async def closed_since(tx: Tx) -> Sequence[ClosedSince]:
    """Those that are still on hold for it."""
    rows = await tx.execute_fetchall(
        "SELECT c.need_id, c.how, c.heard_day, c.found_at, n.reference, n.category"
        " FROM closed_since c JOIN needs n ON n.id = c.need_id"
        " WHERE n.state = 'on_hold' AND n.changed_at <= c.found_at ORDER BY c.found_at, c.need_id"
    )
    return [
        ClosedSince(
            need_id=row["need_id"],
            how=Closed(row["how"]),
            heard_day=date.fromisoformat(row["heard_day"]),
            found_at=row["found_at"],
            reference=row["reference"],
            category=row["category"],
        )
        for row in rows
    ]
