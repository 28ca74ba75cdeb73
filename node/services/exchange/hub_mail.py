"""Mail that we, as a hub, keep for members who cannot be reached: taken in sealed, handed out, forgotten.

All that is ever known of it here is who wrote to whom, when, and how long it is.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta

from node.domain.exchange.letters import LATER
from node.ports import Mail, NotTaken
from node.services.desk import Desk
from node.store import mailbox, peers
from node.store.db import Tx
from node.store.mailbox import MailRow
from protocol import direct
from protocol.errors import ProtocolError
from protocol.limits import MAIL_PAGE, MAIL_PER_MEMBER, MAIL_PER_SENDER, MESSAGE_AHEAD_DAYS


class HubMail:
    """The mailboxes of our members. ``trusted``: whether the clock may be believed now."""

    def __init__(self, desk: Desk, *, trusted: Callable[[], bool] = lambda: True) -> None:
        self._desk = desk
        self._trusted = trusted

    async def put(self, sealed: bytes, *, via: str) -> str:
        """Keeps a letter from ``via`` for one of our members: ``taken``, or ``seen`` if it lies here already.

        Raises :class:`NotTaken`: unreadable, too_large, not_a_member, expired, expires_too_far, full.
        """
        try:
            header = direct.read(sealed).header
        except ProtocolError as fault:
            raise NotTaken("too_large" if fault.code == "too_long" else "unreadable") from fault
        desk = self._desk
        if self._trusted():
            if header.expires <= desk.protocol_day:
                raise NotTaken("expired")
            if header.expires > desk.protocol_day + timedelta(days=MESSAGE_AHEAD_DAYS):
                raise NotTaken("expires_too_far")
        async with desk.db.write() as tx:
            if header.to not in await _members(tx):
                raise NotTaken("not_a_member")
            fresh = await mailbox.put(
                tx,
                MailRow(
                    sha=hashlib.sha256(sealed).digest(),
                    member=header.to,
                    sender=via,
                    id=header.id,
                    expires=header.expires,
                    put_at=desk.now,
                    message_sealed=sealed,
                ),
            )
            here, of_sender = await mailbox.count(tx, header.to, via)
            if here > MAIL_PER_MEMBER or of_sender > MAIL_PER_SENDER:
                raise NotTaken("full", retry_after=LATER)  # and the write is undone
        return "taken" if fresh else "seen"

    async def waiting(self, member: str, *, limit: int) -> Sequence[Mail]:
        """Letters for that member, the oldest of each sender in turn; at most 20.

        Raises :class:`NotTaken` ``not_a_member``.
        """
        async with self._desk.db.read() as tx:
            if member not in await _members(tx):
                raise NotTaken("not_a_member")
            rows = await mailbox.waiting(tx, member, max(0, min(limit, MAIL_PAGE)))
        return [Mail(sender=row.sender, message=row.message_sealed) for row in rows]

    async def done(self, member: str, ids: Sequence[str]) -> int:
        """The member has them: they are gone. Returns how many."""
        async with self._desk.db.write() as tx:
            return await mailbox.done(tx, member, ids)

    async def tidy(self) -> None:
        """What is over, and what lies here for former members, goes; only by a clock that may be believed."""
        if self._trusted():
            async with self._desk.db.write() as tx:
                await mailbox.clear(tx, self._desk.protocol_day, sorted(await _members(tx)))


async def _members(tx: Tx) -> frozenset[str]:
    return frozenset(
        row.origin for row in await peers.all_of_them(tx) if row.vouched and row.state == "active"
    )
