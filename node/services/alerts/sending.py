"""The outbox of messages to members of staff: one try for each whose time has come, looked at again before.

As with ``services.notices.sending``: a try is noted before the server is spoken to, its end after; killed in between
the message goes again under the same Message-ID.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from node.domain.notices.alerts import Kind, Listener, Thing, counted
from node.domain.notices.answers import Outcome, Refusal, outcome
from node.domain.notices.envelope import Content, envelope
from node.domain.notices.notice import State, Way
from node.domain.notices.push import told_beside
from node.logs import logger
from node.services.alerts.letter import AlertLetter, AlertWriter
from node.services.alerts.pages import page_of
from node.services.alerts.standby import Reach, Standby, Supplies
from node.services.alerts.things import listeners, waiting
from node.services.desk import Desk
from node.services.notices.carrying import Line, Parcel, Refused
from node.services.notices.chat_way import OpenedChat
from node.services.notices.gateways import TextCarrier
from node.services.notices.patience import Patience
from node.services.notices.push_way import told_content
from node.services.notices.smtp import Carrier
from node.store import alert_choices, alert_messages, settings
from node.store.alert_choices import AlertRow
from node.store.alert_messages import AlertMessage
from node.store.db import Tx
from node.vault import Compartment

log = logger("alerts")
AT_ONCE = 20
"""Messages of one turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCarriers:
    """What brings messages out of the house."""

    mail: Carrier
    texts: TextCarrier
    """Browsers are reached by ``Roads.devices``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    row: AlertMessage
    way: Way
    parcel: Parcel
    gone: tuple[str, ...]
    """What stood in it and was attended to meanwhile."""
    told: tuple[str, ...]
    """All that stood in it when it was written."""
    address_left: bool = False
    """Goes to browsers now, and can go to an address if none of them takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Over:
    row: AlertMessage
    why: str
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What every message of one turn shares."""

    supplies: Supplies
    base: str
    group: str
    things: Mapping[str, Thing]
    hear: Mapping[str, Listener]


class Sending:
    """Empties the outbox."""

    def __init__(self, desk: Desk, standby: Standby, carriers: AlertCarriers) -> None:
        self._desk = desk
        self._standby = standby
        self._carriers = carriers
        self._one = asyncio.Lock()
        self._patience = {way: Patience(desk.random) for way in (Way.EMAIL, Way.TEXT, Way.CHAT, Way.PUSH)}
        self._past_browsers: set[str] = set()
        """Messages that no browser took, and that go to the address."""

    async def deliver(self, writer: AlertWriter) -> int:
        """One turn; how many the server took. Raises ``Locked`` when something waits and addresses cannot be read."""
        desk = self._desk
        async with self._one:
            await self._give_up_old()
            if all(each.waits(desk.now) for each in self._patience.values()):
                return 0
            async with desk.db.read() as tx:
                rows = await alert_messages.due(tx, desk.now, AT_ONCE)
                about = await self._about(tx) if rows else None
                if about is None:
                    return 0
                found = [await self._ready(tx, row, about, writer) for row in rows]
            over = [each for each in found if isinstance(each, _Over)]
            if over:
                async with desk.db.write() as tx:
                    for each in over:
                        await alert_messages.note(tx, each.row.id, State.SUPPRESSED, each.why)
                        await alert_messages.untell(tx, each.row.id, each.gone)
            ready = [each for each in found if isinstance(each, _Ready)]
            return sum([await self._send(way, about.supplies, ready) for way in self._patience])

    async def _give_up_old(self) -> None:
        desk = self._desk
        async with desk.db.read() as tx:
            if not await alert_messages.any_old(tx, desk.now):
                return
        async with desk.db.write() as tx:
            await alert_messages.give_up_old(tx, desk.now)

    async def _about(self, tx: Tx) -> _About | None:
        base, supplies = await settings.get(tx, settings.PUBLIC_URL), await self._standby.supplies(tx)
        if supplies is None or not base:
            return None
        return _About(
            supplies=supplies,
            base=base,
            group=await settings.get(tx, settings.GROUP_NAME),
            things={thing.key: thing for thing in await waiting(tx, self._desk)},
            hear={each.handle: each for each in await listeners(tx)},
        )

    async def _ready(
        self, tx: Tx, row: AlertMessage, about: _About, writer: AlertWriter
    ) -> _Ready | _Over | None:
        """The message as it can go now; None where it waits for the records to be opened."""
        choices = await alert_choices.get(tx, row.handle)
        told = await alert_messages.things(tx, row.id)
        if choices is None:
            return _Over(row=row, why="gone", gone=told)
        reach = about.supplies.people.get(row.handle)
        if row.kind is Kind.CODE:
            if choices.confirmed_at is not None:
                return _Over(row=row, why="confirmed", gone=())
            if reach is None or row.sealed is None or not self._desk.unlocked:
                return None
            return self._packed(row, choices, reach, about, [], writer)
        hearer = about.hear.get(row.handle)
        if hearer is None:
            return _Over(row=row, why="not_hers", gone=told)
        still = [about.things[key] for key in told if key in about.things]
        still = [thing for thing in still if hearer.wants(thing)]
        gone = tuple(sorted(set(told) - {thing.key for thing in still}))
        if not still:
            return _Over(row=row, why="over", gone=gone)
        if reach is None:
            return None
        return self._packed(row, choices, reach, about, still, writer, gone)

    def _packed(
        self,
        row: AlertMessage,
        choices: AlertRow,
        reach: Reach,
        about: _About,
        things: list[Thing],
        writer: AlertWriter,
        gone: tuple[str, ...] = (),
    ) -> _Ready | _Over | None:
        code = ""
        if row.kind is Kind.CODE and row.sealed is not None:
            code = str(
                self._desk.vault.open(Compartment.PEOPLE, "alert_messages", row.id, row.sealed)["code"]
            )
        stop = "" if row.kind is Kind.CODE else f"{about.base}/n/desk/{reach.token}"
        kinds = counted(things)
        letter = AlertLetter(
            kind=row.kind,
            language=choices.language,
            group=about.group,
            counted=kinds,
            link=about.base + (page_of([what for what, _ in kinds]) if kinds else "/devices/notices"),
            stop_link=stop,
            code=code,
        )
        told = tuple(sorted({*gone, *(thing.key for thing in things)}))
        pushed = self._pushed(row, choices, about, letter, writer)
        if pushed is not None:
            left = choices.by_address and bool(reach.address)
            return _Ready(row=row, way=Way.PUSH, parcel=pushed, gone=gone, told=told, address_left=left)
        if not reach.address or not (choices.by_address or row.kind is Kind.CODE):
            return _Over(row=row, why="no_address", gone=gone)
        if reach.way is not Way.EMAIL:
            parcel = Parcel(id=row.id, to=reach.address, content=writer.alert_text(letter).encode())
            return _Ready(row=row, way=reach.way, parcel=parcel, gone=gone, told=told)
        if about.supplies.server is None:
            return None
        written = writer.alert(letter)
        content = Content(
            language=written.language, subject=written.subject, text=written.text, html=written.html, out=stop
        )
        try:
            message = envelope(
                about.supplies.server,
                about.group,
                reach.address,
                content,
                notice_id=row.id,
                created_at=row.created_at,
            )
        except ValueError:
            return _Over(row=row, why="no_address", gone=gone)
        parcel = Parcel(id=row.id, to=reach.address, content=message)
        return _Ready(row=row, way=Way.EMAIL, parcel=parcel, gone=gone, told=told)

    def _pushed(
        self, row: AlertMessage, choices: AlertRow, about: _About, letter: AlertLetter, writer: AlertWriter
    ) -> Parcel | None:
        """For her browsers; None where she has none, or none of them took it and there is an address."""
        push = about.supplies.push
        if push is None or row.kind is Kind.CODE or not push.devices.get(row.handle):
            return None
        if row.id in self._past_browsers and choices.by_address:
            return None
        content = told_content(row.id, writer.alert_notification(letter))
        beside = told_beside(row.id, seconds=row.ends - self._desk.now, pressing=row.kind is Kind.SAFETY)
        return None if content is None else Parcel(id=row.id, to=row.handle, content=content, beside=beside)

    async def _send(self, way: Way, supplies: Supplies, ready: list[_Ready]) -> int:
        went, patience = 0, self._patience[way]
        going, road = [each for each in ready if each.way is way], self._road(way, supplies)
        if not going or road is None or patience.waits(self._desk.now):
            return 0
        try:
            async with road as line:
                for each in going:
                    went += await self._try(line, each)
        except Refused as refused:
            patience.refused(self._desk.now)
            log.warning("carrier", way=str(way), answer=refused.refusal.answer)
            return went
        patience.answered()
        return went

    def _road(self, way: Way, supplies: Supplies) -> AbstractAsyncContextManager[Line] | None:
        """None where it is not set up any more: what is for it waits, and is given up in its time."""
        match way:
            case Way.EMAIL if supplies.server is not None:
                return self._carriers.mail.open(supplies.server)
            case Way.TEXT if supplies.gateway is not None:
                return self._carriers.texts.open(supplies.gateway)
            case Way.CHAT if supplies.chat is not None:
                return OpenedChat(supplies.chat, {}, {}).open()
            case Way.PUSH if supplies.push is not None:
                return supplies.push.open()
            case _:
                return None

    async def _try(self, line: Line, each: _Ready) -> bool:
        """Raises ``Refused`` where the fault is between us and the server: then nothing else is tried."""
        desk = self._desk
        async with desk.db.write() as tx:
            if await alert_messages.things(tx, each.row.id) != each.told:
                return False  # it got more to tell since it was written: the next turn writes it anew
            if not await alert_messages.begin_try(tx, each.row.id, desk.now):
                return False
            await alert_messages.untell(tx, each.row.id, each.gone)
        try:
            await line.send(each.parcel)
        except Refused as refused:
            await self._note(each, refused.refusal)
            if outcome(refused.refusal) is Outcome.ALL_LATER:
                raise
            return False
        async with desk.db.write() as tx:
            await alert_messages.note(tx, each.row.id, State.SENT, "")
        self._past_browsers.discard(each.row.id)
        return True

    async def _note(self, each: _Ready, refusal: Refusal) -> None:
        """The server's own words are not kept: the code says what to do."""
        desk, row = self._desk, each.row
        async with desk.db.write() as tx:
            if each.address_left:
                self._past_browsers.add(row.id)
                await alert_messages.note(tx, row.id, State.WAITING, refusal.answer, due=desk.now)
                return
            match outcome(refusal):
                case Outcome.LATER | Outcome.ALL_LATER:
                    at = self._patience[each.way].again_at(desk.now, row.tries, refusal)
                    await alert_messages.note(tx, row.id, State.WAITING, refusal.answer, due=at)
                case Outcome.NEVER:
                    await alert_messages.note(tx, row.id, State.FAILED, refusal.answer)
                case Outcome.BOUNCED:
                    await alert_messages.note(tx, row.id, State.FAILED, refusal.answer)
                    if each.way is not Way.PUSH:  # a browser that is gone is forgotten where it is spoken to
                        await alert_choices.bounced(tx, row.handle, desk.now)
                    # Told at another address, should there be one: nothing goes to this one any more.
                    await alert_messages.untell(tx, row.id, await alert_messages.things(tx, row.id))
