"""Calls that are half typed: kept sealed for the one who types, for a day, also when her sign-in ran out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.actors import Actor, ActorKind
from node.domain.ids import DraftId, NeedId, StaffId, new_id
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.desk import Desk
from node.store import drafts
from node.store.db import Tx
from node.store.drafts import DraftRow
from node.vault import Compartment

KEPT_SECONDS = 86400
MOST = 10
"""So many of one person; the oldest go."""
LONGEST = 64 * 1024
"""Characters of one draft, names and values together."""

TAKEN_SECONDS = 60 * 86_400
"""So long it is known that a call was taken: a page of it may stay open in a browser for weeks."""

Fields = Sequence[tuple[str, str]]
"""A form as it was sent: names and values, a name more than once where several are ticked."""

_ID = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One line of "you were in the middle of a call". Times are Unix seconds."""

    id: DraftId
    created_at: int
    changed_at: int


class Drafts:
    """The verbs of the half-typed call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def new_id(self) -> DraftId:
        """A name for a call that begins; nothing is stored until the first ``keep``."""
        return DraftId(new_id(self._desk.random))

    async def keep(self, actor: Actor, draft_id: str, fields: Fields) -> bool:
        """Saves the form as it stands; works while locked, and for an actor whose sign-in has just run out.

        False if that call was taken already, or the id is somebody else's: then nothing is written. Raises
        ``Invalid`` (too long, or no id of ours), ``NotAllowed``.
        """
        require(actor, Permission.TAKE_CALL)
        if not _ID.fullmatch(draft_id) or sum(len(name) + len(value) for name, value in fields) > LONGEST:
            raise Invalid("draft", N_("This is too long. Shorten it, please."))
        desk, staff_id, now = self._desk, _staff(actor), self._desk.now
        sealed = desk.vault.seal(
            Compartment.PEOPLE, "drafts", draft_id, {"fields": [list(f) for f in fields]}
        )
        async with desk.db.write() as tx:
            held = await drafts.get(tx, draft_id)
            if held is not None and (held.staff_id != staff_id or not held.sealed):
                return False
            row = DraftRow(
                id=DraftId(draft_id), staff_id=staff_id, sealed=sealed, created_at=now, changed_at=now
            )
            await drafts.put(tx, row)
            for old in (await drafts.open_of(tx, staff_id, 0))[MOST:]:
                await drafts.delete(tx, old.id)
        return True

    async def mine(self, actor: Actor) -> list[Draft]:
        """What this person has not finished, the latest first; without a word of it."""
        if actor.kind is not ActorKind.STAFF:
            return []
        async with self._desk.db.read() as tx:
            rows = await drafts.open_of(tx, _staff(actor), self._desk.now - KEPT_SECONDS)
        return [Draft(id=row.id, created_at=row.created_at, changed_at=row.changed_at) for row in rows]

    async def open(self, actor: Actor, draft_id: str) -> Fields:
        """The form as it stood, for the one who typed it. Raises ``NotFound``, ``Locked``, ``NotAllowed``."""
        require(actor, Permission.TAKE_CALL)
        desk = self._desk
        desk.must_be_unlocked()
        async with desk.db.read() as tx:
            row = await drafts.get(tx, draft_id)
        late = row is not None and row.changed_at < desk.now - KEPT_SECONDS
        if row is None or late or not row.sealed or row.staff_id != _staff(actor):
            raise NotFound(
                "no_such_draft", N_("This call is not kept any more. It was saved, or a day is over.")
            )
        record = desk.vault.open(Compartment.PEOPLE, "drafts", row.id, row.sealed)
        return [(str(name), str(value)) for name, value in record["fields"]]

    async def drop(self, actor: Actor, draft_id: str) -> None:
        """Thrown away by the one who typed it; one that is not there, or not hers, is no error."""
        require(actor, Permission.TAKE_CALL)
        async with self._desk.db.write() as tx:
            row = await drafts.get(tx, draft_id)
            if row is not None and row.staff_id == _staff(actor):
                await drafts.delete(tx, draft_id)

    async def sweep(self) -> int:
        """Removes what is older than a day, and later the notes of calls that were taken; to be called with a trusted
        clock. Returns how many."""
        async with self._desk.db.write() as tx:
            now = self._desk.now
            return await drafts.delete_older(tx, now - KEPT_SECONDS, now - TAKEN_SECONDS)


async def not_taken(tx: Tx, actor: Actor, draft_id: str) -> None:
    """Inside the write that takes the call, first: somebody who goes back, changes a letter and saves again makes no
    second person and request. Raises ``Conflict("call_taken")`` with the ``need`` that it became."""
    held = await drafts.get(tx, draft_id) if _ID.fullmatch(draft_id) else None
    if held is not None and held.need_id and held.staff_id == actor.id:
        raise Conflict("call_taken", N_("You saved this call already."), need=held.need_id)


async def taken(tx: Tx, desk: Desk, actor: Actor, draft_id: str, need_id: NeedId) -> None:
    """Inside the write that takes the call: its draft is emptied and leads to the request, and a save that comes late
    changes nothing."""
    if actor.kind is not ActorKind.STAFF or not _ID.fullmatch(draft_id):
        return
    held = await drafts.get(tx, draft_id)
    if held is None or held.staff_id == actor.id:
        row = DraftRow(
            id=DraftId(draft_id),
            staff_id=_staff(actor),
            sealed=b"",
            created_at=desk.now,
            changed_at=desk.now,
            need_id=need_id,
        )
        await drafts.put(tx, row)


def _staff(actor: Actor) -> StaffId:
    return StaffId(actor.id or "")
