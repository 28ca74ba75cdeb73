"""Private links of people who asked on the page: one for all requests of one sending, of which only a hash is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from node.domain.ids import NeedId, PersonId
from node.domain.need import NeedState
from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingLink:
    """The link to one request. ``expires``, ``ended_at``: Unix seconds."""

    need_id: NeedId
    link_hash: bytes
    expires: int
    ended_from: NeedState | None = None
    """What it was when its owner called it off."""
    ended_at: int | None = None
    sealed: bytes | None = None
    """The secret of the link and the language she asked in, for messages; None for links from before there were any."""
    for_other: bool = False
    """Somebody asked for another person, who is told nothing by messages."""
    told_person: PersonId | None = None
    """Where that is so: the record of whoever asked, if messages go to her."""

    def told(self, helped: PersonId | None) -> PersonId | None:
        """Who is told how it stands, where ``helped`` is the person it is for; None: nobody."""
        return self.told_person if self.for_other else helped


async def insert(tx: Tx, link: AskingLink) -> None:
    """One more."""
    await tx.execute(
        "INSERT INTO asking_links(need_id, link_hash, expires, sealed, for_other, told_person) "
        "VALUES(?, ?, ?, ?, ?, ?)",
        (link.need_id, link.link_hash, link.expires, link.sealed, int(link.for_other), link.told_person),
    )


async def behind(tx: Tx, link_hash: bytes, now: int) -> Sequence[AskingLink]:
    """Everything that a link opens, in the order it was asked for; nothing once it has run out."""
    return await _select(tx, "link_hash = ? AND expires > ? ORDER BY rowid", link_hash, now)


async def of_need(tx: Tx, need_id: str, now: int) -> AskingLink | None:
    """The link to that request, while it is open."""
    found = await _select(tx, "need_id = ? AND expires > ?", need_id, now)
    return found[0] if found else None


async def changed_since(tx: Tx, since: int, now: int) -> Sequence[AskingLink]:
    """Open links that messages can name, to requests of which anything, or the round that they
    are on, changed after ``since`` (Unix seconds)."""
    return await _select(
        tx,
        "sealed IS NOT NULL AND expires > ? AND ("
        "EXISTS(SELECT 1 FROM needs n WHERE n.id = asking_links.need_id AND n.changed_at > ?) OR "
        "EXISTS(SELECT 1 FROM assignments t WHERE t.need_id = asking_links.need_id AND t.changed_at > ?) OR "
        "EXISTS(SELECT 1 FROM run_stops s JOIN runs r ON r.id = s.run_id JOIN assignments t ON t.id = s.assignment_id "
        "WHERE t.need_id = asking_links.need_id AND r.changed_at > ?)) ORDER BY rowid",
        now,
        since,
        since,
        since,
    )


async def ended(tx: Tx, need_id: str, state: NeedState | None, at: int | None) -> None:
    """Notes from which state its owner called it off; None: it was brought back."""
    await tx.execute(
        "UPDATE asking_links SET ended_from = ?, ended_at = ? WHERE need_id = ?", (state, at, need_id)
    )


async def asked_for(tx: Tx, need_id: str, *, other: bool) -> None:
    """Whether somebody asked for another person, as it turned out; who asks for herself is told so herself."""
    await tx.execute(
        "UPDATE asking_links SET for_other = ?, told_person = CASE WHEN ? THEN told_person END WHERE need_id = ?",
        (int(other), int(other), need_id),
    )


async def delete_of_need(tx: Tx, need_id: str) -> None:
    """The link does not lead there any more."""
    await tx.execute("DELETE FROM asking_links WHERE need_id = ?", (need_id,))


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[AskingLink]:
    async with tx.execute(
        "SELECT need_id, link_hash, expires, ended_from, ended_at, sealed, for_other, told_person "
        f"FROM asking_links WHERE {condition}",
        values,
    ) as cursor:
        return [
            AskingLink(
                need_id=NeedId(row[0]),
                link_hash=row[1],
                expires=row[2],
                ended_from=NeedState(row[3]) if row[3] else None,
                ended_at=row[4],
                sealed=row[5],
                for_other=bool(row[6]),
                told_person=PersonId(row[7]) if row[7] else None,
            )
            for row in await cursor.fetchall()
        ]
