"""The outbox: one try for each message whose time has come, looked at once more before it goes.

A try is noted before the server is spoken to, its end after. If the process is killed between the server's yes and that
note the message goes again, under the same Message-ID: so nothing is lost, and a double is seen once by programs that
fold them.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Literal

from node.domain.ids import PersonId
from node.domain.notices.answers import Outcome, Refusal, outcome
from node.domain.notices.notice import Kind, State, Way
from node.domain.notices.tasks import task_of
from node.logs import logger
from node.services.desk import Desk, person_object
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.services.notices.carrying import Channel, Line, Opened, Refused
from node.services.notices.choosing import Choosing
from node.services.notices.fitting import Fitting
from node.services.notices.letter import Writer
from node.services.notices.patience import Patience
from node.services.notices.readying import About, Over, Ready, Readying
from node.store import chats, notice_choices, notices, settings, waves
from node.store.db import Tx
from node.store.notices import NoticeRow
from node.vault import Compartment

log = logger("notices")
AT_ONCE = 50
"""Messages of one turn: the desk is never kept waiting for more."""

ADDRESS: Mapping[Way, Literal["email", "phone"]] = {Way.EMAIL: "email", Way.TEXT: "phone"}
"""The ways that write to what stands in her record."""


class Sending:
    """Empties the outbox of one way."""

    def __init__(
        self,
        desk: Desk,
        roster: Roster,
        matching: Matching,
        *,
        choosing: Choosing,
        channel: Channel,
    ) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching
        self._choosing = choosing
        self._channel = channel
        self._one = asyncio.Lock()
        self._patience = Patience(desk.random)

    @property
    def trouble(self) -> bool:
        """Whether the server did not answer, or would have nothing of us, at the last turn."""
        return self._patience.lost

    def try_now(self) -> None:
        """Somebody changed something: the server is asked at the next turn."""
        self._patience.ends()

    async def deliver(self, writer: Writer) -> int:
        """One turn; how many the server took. Raises ``Locked`` when something waits and addresses cannot be read."""
        desk = self._desk
        async with self._one:
            await self._give_up_old()
            if self._patience.waits(desk.now):
                return 0
            async with desk.db.read() as tx:
                rows = await notices.due(tx, self._channel.way, desk.now, AT_ONCE)
                if not rows:
                    return 0
                about = await self._about(tx)
            if about is None:
                return 0
            await self._roster.ready()
            ready = await self._prepare(rows, about, writer)
            return await self._send(about.opened, ready) if ready else 0

    async def _about(self, tx: Tx) -> About | None:
        """None where this way is not set up, or no link could be made. Raises ``Locked``."""
        opened = await self._channel.opened(tx)
        base = await settings.get(tx, settings.PUBLIC_URL)
        if opened is None or not base:
            return None
        return About(
            opened=opened,
            able=await self._choosing.ways(tx),
            base=base,
            group=await settings.get(tx, settings.GROUP_NAME),
            phone=await settings.get(tx, settings.PHONE),
            language=await settings.get(tx, settings.LANGUAGE),
        )

    async def _give_up_old(self) -> None:
        desk = self._desk
        async with desk.db.read() as tx:
            if not await notices.any_old(tx, desk.now):
                return
        async with desk.db.write() as tx:
            await notices.give_up_old(tx, desk.now)

    async def _prepare(self, rows: Sequence[NoticeRow], about: About, writer: Writer) -> list[Ready]:
        """Each message as it can go now; those that are over are noted so."""
        desk, ready, over = self._desk, list[Ready](), list[Over]()
        async with desk.db.read() as tx:
            fitting = Fitting(desk, self._roster, self._matching, tx)
            readying = Readying(
                desk, self._roster, tx, choosing=self._choosing, fitting=fitting, about=about, writer=writer
            )
            for row in rows:
                found = await readying.ready(row)
                if isinstance(found, Ready):
                    ready.append(found)
                else:
                    over.append(found)
        if over:
            async with desk.db.write() as tx:
                for each in over:
                    await notices.note(tx, each.row.notice.id, State.SUPPRESSED, each.why)
                    await notices.untell(tx, each.row.notice.id, each.gone)
        return ready

    async def _send(self, opened: Opened, ready: list[Ready]) -> int:
        went = 0
        try:
            async with opened.open() as line:
                for each in ready:
                    went += await self._try(line, each)
        except Refused as refused:
            self._patience.refused(self._desk.now)
            log.warning("carrier", way=str(self._channel.way), answer=refused.refusal.answer)
            return went
        self._patience.answered()
        return went

    async def _try(self, line: Line, each: Ready) -> bool:
        """Raises ``Refused`` where the fault is between us and the server: then nothing else is tried."""
        desk, notice = self._desk, each.row.notice
        async with desk.db.write() as tx:
            if not await notices.begin_try(tx, notice.id, desk.now):
                return False
            await notices.untell(tx, notice.id, each.gone)
        try:
            await line.send(each.parcel)
        except Refused as refused:
            await self._note(each, refused.refusal)
            if outcome(refused.refusal) is Outcome.ALL_LATER:
                raise
            return False
        async with desk.db.write() as tx:
            await notices.note(tx, notice.id, State.SENT, "")
            if notice.kind is Kind.ASKED:
                for thing in await notices.things(tx, notice.id):
                    await waves.told_by_itself(tx, task_of(thing) or "", desk.now)
        return True

    async def _note(self, each: Ready, refusal: Refusal) -> None:
        desk, notice = self._desk, each.row.notice
        said = desk.vault.seal(
            Compartment.PEOPLE, "notices", notice.id, {"said": refusal.said, "stage": str(refusal.stage)}
        )
        async with desk.db.write() as tx:
            match outcome(refusal):
                case Outcome.LATER | Outcome.ALL_LATER:
                    at = self._patience.again_at(desk.now, notice.tries, refusal)
                    await notices.note(tx, notice.id, State.WAITING, refusal.answer, due=at, said=said)
                case Outcome.NEVER:
                    await notices.note(tx, notice.id, State.FAILED, refusal.answer, said=said)
                case Outcome.BOUNCED:
                    await notices.note(tx, notice.id, State.FAILED, refusal.answer, said=said)
                    await self._mark(tx, notice.person_id, each.parcel.to)

    async def _mark(self, tx: Tx, person_id: PersonId, address: str) -> None:
        """That address does not work: nothing more goes there, and a coordinator is told to ask for another. A device
        has none that anybody could ask for: its way has forgotten it."""
        way = self._channel.way
        if way is Way.CHAT and (held := await chats.get(tx, person_id)) is not None:
            await chats.bounced(tx, held.record, held.changed_at, self._desk.now)
            return
        kind = ADDRESS.get(way)
        if kind is None:
            return
        row = await self._choosing.ensure(tx, person_id)
        index = self._desk.vault.blind(kind, address)
        await notice_choices.bounced(tx, row.record, way, index, self._desk.now)
        log.info("address_failed", person=person_object(person_id))
