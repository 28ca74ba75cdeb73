"""The carrying of sealed letters: one try per letter and turn, straight to the group or by a hub, and fetching what
hubs keep for us. Nothing here opens a letter.

A letter is sent before it is noted as sent. Whatever is lost in between - an answer, the power - it is sent again,
and the other side knows it again.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from node.domain.exchange.letters import DELETES, FINAL, MOST_REKEYS, PAUSED_RETRY, RECEIPT, SHUT, next_try
from node.errors import Conflict, Locked
from node.logs import logger
from node.ports import Correspondent, NotTaken, Post
from node.services.desk import Desk
from node.services.exchange.sealing import Sealing
from node.store import box_keys, outbox
from node.store.outbox import OutboxRow
from protocol import b64, direct
from protocol.errors import ProtocolError
from protocol.limits import DAY_SECONDS, MAIL_PAGE, MESSAGE_DAYS

log = logger("letters")
_AT_ONCE = 100
_HUB_AFTER = 2
"""Failures of the straight way after which a hub is tried, too."""
_MOST_PAGES = 60


def goes_though(state: str, kind: str) -> bool:
    """Whether a letter of that kind goes to a group although we do not listen to it: it closes there what we gave away,
    or says that we deleted what it gave. Who is left hears a last no, too."""
    return state in SHUT and (kind in (DELETES, RECEIPT) or (state == "left" and kind == "answer"))


class Take(Protocol):
    """How a fetched letter comes in."""

    async def __call__(self, sealed: bytes, *, via: str) -> str: ...


class Delivery:
    """Empties the outbox, and the mailboxes that hubs keep for us."""

    def __init__(self, desk: Desk, sealing: Sealing, post: Post, *, trusted: Callable[[], bool]) -> None:
        self._desk = desk
        self._sealing = sealing
        self._post = post
        self._trusted = trusted
        self._one = asyncio.Lock()

    async def due(self) -> int:
        """One try for each letter whose time has come; how many reached the group or a hub."""
        desk, went = self._desk, 0
        async with self._one:
            async with desk.db.read() as tx:
                rows = await outbox.due(tx, desk.now, _AT_ONCE)
            silent: dict[str, NotTaken] = {}
            for row in rows:
                went += await self._try(row, silent)
        return went

    async def _try(self, row: OutboxRow, silent: dict[str, NotTaken]) -> bool:
        """``silent``: groups that did not answer in this turn; they are not waited for once for each letter."""
        if self._trusted() and row.expires <= self._desk.protocol_day:
            await self._end(row, "expired")
            return False
        who = await self._post.correspondent(row.peer)
        if who.state not in ("allowed", "paused") and not goes_though(who.state, row.kind):
            await self._end(row, f"peer_{who.state}")
            return False
        if who.state == "paused" and not goes_though(who.state, row.kind):
            await self._note(row, "peer_paused", at=self._desk.now + PAUSED_RETRY)
            return False
        try:
            if row.peer in silent:
                raise silent[row.peer]
            via, answer = await self._carry(row, who)
        except NotTaken as refused:
            if refused.code in ("unreachable", "deadline"):
                silent[row.peer] = refused
            if refused.code in FINAL:
                await self._end(row, refused.code)
            else:
                random = self._desk.random(1)[0] / 256
                at = next_try(self._desk.now, row.tries + 1, random, retry_after=refused.retry_after)
                await self._note(row, refused.code, at=at)
            return False
        async with self._desk.db.write() as tx:
            await outbox.note(
                tx,
                row.id,
                state="at_hub" if via else "delivered",
                answer=answer,
                now=self._desk.now,
                next_try=self._desk.now,
                via=via,
            )
        return True

    async def _carry(self, row: OutboxRow, who: Correspondent) -> tuple[str | None, str]:
        """(the hub that has it now, or None if the group itself; its answer). Raises ``NotTaken``."""
        told: NotTaken | None = None
        if who.url is not None:
            try:
                return None, await self._straight(row, who)
            except NotTaken as refused:
                told = refused
                if row.tries + 1 < _HUB_AFTER or refused.code not in ("unreachable", "deadline"):
                    raise
        message = row.message_sealed
        assert message is not None
        for hub in who.hubs:
            try:
                return hub, await self._post.leave(hub, message)
            except NotTaken as refused:
                if told is None or refused.code != "not_a_member":
                    told = refused
        if told is not None and told.code == "not_a_member":
            told = NotTaken("no_way")  # a hub may yet take them in
        raise told or NotTaken("no_way")

    async def _straight(self, row: OutboxRow, who: Correspondent) -> str:
        message = row.message_sealed
        assert message is not None
        try:
            return await self._post.send(row.peer, message)
        except NotTaken as refused:
            if refused.code != "box_key_unknown":
                raise
        await self._post.refresh(row.peer)
        fresh = (await self._post.correspondent(row.peer)).box_key
        if fresh is None or direct.box_id(fresh) == row.box or not self._desk.unlocked:
            raise NotTaken("box_key_unknown")
        async with self._desk.db.write() as tx:
            try:
                box, message = await self._sealing.seal_again(tx, row, fresh)
            except (Locked, Conflict) as error:
                raise NotTaken("box_key_unknown") from error
            await outbox.sealed_again(tx, row.id, box=box, message_sealed=message, now=self._desk.now)
        return await self._post.send(row.peer, message)

    async def _note(self, row: OutboxRow, answer: str, *, at: int) -> None:
        async with self._desk.db.write() as tx:
            await outbox.note(tx, row.id, state="waiting", answer=answer, now=self._desk.now, next_try=at)

    async def _end(self, row: OutboxRow, answer: str) -> None:
        log.info("letter_ended", answer=answer, peer=row.peer)
        async with self._desk.db.write() as tx:
            await outbox.end(tx, row.id, state="ended", answer=answer)

    # --- what hubs keep for us

    async def collect(self, take: Take) -> int:
        """Takes everything that hubs keep for us and tells them so; how many letters were new."""
        taken = 0
        async with self._desk.db.read() as tx:
            if await box_keys.current(tx) is None:
                return 0
        for hub in await self._post.hubs():
            try:
                taken += await self._collect_at(hub, take)
            except NotTaken as refused:
                log.info("mail_not_fetched", hub=hub, code=refused.code)
        return taken

    async def _collect_at(self, hub: str, take: Take) -> int:
        taken, closed, had = 0, dict[str, list[str]](), set[str]()
        for _ in range(_MOST_PAGES):
            page = await self._post.fetch(hub, MAIL_PAGE)
            ids: list[str] = []
            for mail in page:
                try:
                    letter_id = direct.read(mail.message).header.id
                except ProtocolError:
                    log.warning("mail_unreadable", hub=hub)
                    continue
                try:
                    taken += await take(mail.message, via=hub) == "taken"
                except NotTaken as refused:
                    if refused.code == "full":
                        break
                    if refused.code == "box_key_unknown":
                        closed.setdefault(mail.sender, []).append(letter_id)
                ids.append(letter_id)
            if not (fresh := [each for each in ids if each not in had]):
                break  # nothing, or a hub that does not forget what it was told to
            had.update(fresh)
            for sender, each in closed.items():
                if not await self._ask_again(sender, each):
                    fresh = [one for one in fresh if one not in each]  # they stay there, for another day
            closed.clear()
            await self._post.done(hub, fresh)
        return taken

    async def _ask_again(self, sender: str, ids: list[str]) -> bool:
        """Tells whoever wrote to a box key that we do not have which one to use; False if it was told so too often.

        Who left a letter is the hub's word, so a bad one could have us write to anybody as often as it likes.
        """
        who = await self._post.correspondent(sender)
        async with self._desk.db.read() as tx:
            own = await box_keys.current(tx)
            often = await outbox.written_since(tx, sender, "rekey", self._desk.now - DAY_SECONDS)
        if who.state != "allowed" or who.box_key is None or own is None:
            return True
        if often >= MOST_REKEYS:
            log.warning("rekey_passed_over", peer=sender)
            return False
        prepared = await self._sealing.prepare(
            to=sender,
            box_key=who.box_key,
            kind="rekey",
            need=None,
            content={"ids": sorted(set(ids))[:100], "box_key": b64.encode(own.public_key)},
            expires=self._desk.protocol_day + timedelta(days=MESSAGE_DAYS),
            person_id=None,
        )
        async with self._desk.db.write() as tx:
            await self._sealing.put(tx, prepared)
        return True
