"""What people are told by themselves: the verbs of pages, of other rooms and of the clock. Rights are checked here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from node.domain.actors import Actor
from node.domain.consents import AS_CHOSEN
from node.domain.ids import PersonId, new_id
from node.domain.notices.choices import Choices
from node.domain.notices.notice import DAY, HOUR, LASTS, Kind, Notice, State, Way
from node.domain.notices.texts import mobile
from node.domain.permissions import Permission, require
from node.errors import N_, Misconfigured, NotFound, moved_on
from node.ports import Outside
from node.services.desk import Desk, person_object
from node.services.dispatch.tasks import Tasks
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.services.notices.answering import KEPT, KEPT_DONE, Answering, UnclearText
from node.services.notices.carrying import Channel
from node.services.notices.chat_addresses import ChatAddresses
from node.services.notices.chat_settings import ChatSettings
from node.services.notices.chat_way import ChatWay
from node.services.notices.choosing import ChoicesView, Choosing
from node.services.notices.finding import Finding
from node.services.notices.gateways import TextCarrier
from node.services.notices.letter import Writer
from node.services.notices.mail_settings import MailSettings
from node.services.notices.mail_way import MailWay
from node.services.notices.push_devices import PushDevices
from node.services.notices.push_way import PushWay
from node.services.notices.returned import Returned
from node.services.notices.ringing import SHOWN_DAYS, Ringing, ToRing
from node.services.notices.sending import Sending
from node.services.notices.smtp import Carrier
from node.services.notices.text_settings import TextSettings
from node.services.notices.text_way import TextWay
from node.store import notice_choices, notices, own_page, persons, texts_in
from node.store.db import Tx
from node.store.notices import NoticeRow
from node.store.persons import PersonRow
from node.store.texts_in import TextState
from node.vault import Compartment

MOST_SIGN_INS = 5
"""Links to come in that one person is sent in an hour: nobody's mailbox is filled by a stranger."""
SHOWN = 50
KEEP_DAYS = 60
"""Messages are kept so long; what was told, for ``TOLD_DAYS``."""
TOLD_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message of the outbox. ``name`` and ``said`` are empty until somebody looks."""

    notice: Notice
    name: str
    said: str
    """The server's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxView:
    """How the outbox stands."""

    ways: frozenset[Way]
    """By which messages go at all."""
    trouble: frozenset[Way]
    """Those whose mail server or gateway did not answer, or would take nothing of us."""
    waiting: int
    sent: int
    """In the last two weeks, as the next ones."""
    failed: int
    lines: tuple[Line, ...]
    """What waits or failed, the latest first."""
    addresses: tuple[tuple[PersonId, str], ...]
    """Whose address does not work, with the name; nobody while locked."""
    texts: tuple[UnclearText, ...]
    """Answers by text that nobody could tell what to do with, the oldest first."""
    ring: tuple[ToRing, ...]
    """As ``Ringing.listed``; nobody while locked."""
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers:
    """What brings messages out of the house."""

    mail: Carrier
    texts: TextCarrier
    outside: Outside


class Notices:
    """``writer`` comes with the pages (``speaks``): before, nothing is sent."""

    def __init__(
        self,
        desk: Desk,
        roster: Roster,
        matching: Matching,
        carriers: Carriers,
        tasks: Tasks,
    ) -> None:
        self._desk = desk
        self._choosing = Choosing(desk)
        self._finding = Finding(desk, roster, matching, self._choosing)
        self.returned = Returned(desk, self._choosing)
        self.mail = MailSettings(desk, carriers.mail)
        self.texts = TextSettings(desk, carriers.texts)
        self.push = PushDevices(desk, self._choosing)
        self.push_way = PushWay(desk, self.push, carriers.outside)
        self.chat = ChatSettings(desk)
        self.chat_addresses = ChatAddresses(desk, self._choosing)
        channels: tuple[Channel, ...] = (
            MailWay(self.mail, carriers.mail),
            TextWay(self.texts, carriers.texts),
            self.push_way,
            ChatWay(self.chat, self.chat_addresses),
        )
        self._sending: Mapping[Way, Sending] = {
            channel.way: Sending(desk, roster, matching, choosing=self._choosing, channel=channel)
            for channel in channels
        }
        self.answering = Answering(desk, self._choosing, self.texts, tasks)
        self.ringing = Ringing(desk, self._choosing)
        self._writer: Writer | None = None

    def speaks(self, writer: Writer) -> None:
        """Who puts messages into words from now on."""
        self._writer = writer

    @property
    def writer(self) -> Writer:
        """Raises ``Misconfigured`` before there are pages."""
        if self._writer is None:
            raise Misconfigured("no_words", "Messages are written by a running node only.")
        return self._writer

    # --- by the clock

    async def find(self) -> int:
        """Writes down what there is to tell; how many messages. Raises ``Locked``."""
        await self.push.make_key()
        found = self._finding
        tasks = (
            await found.tasks()
            + await found.moved()
            + await found.held()
            + await found.stands()
            + await found.reminders()
            + await found.stale()
            + await found.lines()
            + await found.askers()
        )
        return tasks + await found.urgent() + await found.digests()

    async def deliver(self) -> int:
        """What came in is done, then one turn of the outbox; how many were taken. Raises ``Locked`` when something
        waits for that."""
        await self.answering.work()
        return sum([await each.deliver(self.writer) for each in self._sending.values()])

    async def tidy(self) -> None:
        """Messages long over go. For a clock that is to be believed."""
        desk = self._desk
        async with desk.db.write() as tx:
            await own_page.drop_old_sessions(tx, desk.now)  # where it is over, nothing is shown any more
            await notices.tidy(tx, desk.now - KEEP_DAYS * DAY, desk.today - timedelta(days=TOLD_DAYS))
            await texts_in.tidy(tx, desk.now - KEPT_DONE, desk.now - KEPT)

    # --- what somebody wants to be told

    async def ways(self) -> frozenset[Way]:
        """By which this group sends messages at all. Works while locked."""
        async with self._desk.db.read() as tx:
            return await self._choosing.ways(tx)

    async def choices(self, person_id: PersonId) -> ChoicesView:
        """As ``Choosing.choices``."""
        return await self._choosing.choices(person_id)

    async def choose(
        self, actor: Actor, person_id: PersonId, wanted: Choices, wording: str = AS_CHOSEN
    ) -> None:
        """As ``Choosing.choose``: by herself (a volunteer's actor of that id), or for her by a coordinator."""
        if actor.id != person_id:
            require(actor, Permission.MANAGE_VOLUNTEERS)
        await self._choosing.choose(actor, person_id, wanted, wording)

    async def by_link(self, token: str) -> ChoicesView:
        """As ``Choosing.by_link``."""
        return await self._choosing.by_link(token)

    async def end_messages(self, tx: Tx, actor: Actor, person_id: PersonId) -> None:
        """As ``Choosing.end``."""
        await self._choosing.end(tx, actor, person_id)

    async def choose_by_link(self, token: str, wanted: Choices, wording: str = AS_CHOSEN) -> None:
        """As ``Choosing.choose_by_link``."""
        await self._choosing.choose_by_link(token, wanted, wording)

    async def out_by_link(self, token: str) -> None:
        """As ``Choosing.out_by_link``."""
        await self._choosing.out_by_link(token)

    async def sign_in_link(self, person_id: PersonId, url: str, way: Way = Way.EMAIL) -> bool:
        """Sends her that link by mail or as a text, within a minute while the records are open, and within half an hour
        or not at all. The link lies sealed until then. False where no message can reach her by itself: no mail server
        or gateway, or too many links in an hour. Whether she has an address is not told apart from that: nobody learns
        by trying. Works while locked."""
        desk = self._desk
        async with desk.db.write() as tx:
            if way not in await self._choosing.ways(tx) or await persons.get(tx, person_id) is None:
                return False
            if await notices.made_since(tx, person_id, Kind.SIGN_IN, desk.now - HOUR) >= MOST_SIGN_INS:
                return False
            await self._choosing.ensure(tx, person_id)
            notice = Notice(
                id=new_id(desk.random),
                person_id=person_id,
                kind=Kind.SIGN_IN,
                way=way,
                due=desk.now,
                ends=desk.now + LASTS[Kind.SIGN_IN],
                created_at=desk.now,
            )
            sealed = desk.vault.seal(Compartment.PEOPLE, "notices", notice.id, {"link": url})
            await notices.insert(tx, NoticeRow(notice=notice, sealed=sealed), (), desk.today)
        return True

    # --- the coordinators' page

    async def takes_texts(self, tx: Tx, held: PersonRow) -> bool:
        """Whether a text that she asks for can go to the number that we have of her: it is her own, a mobile one, it
        did not fail, and nothing is written down about how it is safe to reach her. Raises ``Locked``."""
        details, row = self._desk.open_person(held), await notice_choices.get(tx, held.person.id)
        mine = bool(mobile(details.own_phone, self.texts.region)) and not details.safe_to_ring.strip()
        return mine and Way.TEXT not in self._choosing.failed(row, held)

    async def outbox(self, actor: Actor, *, named: bool = False) -> OutboxView:
        """What waits, what failed and why. ``named``: with names and the server's own words, which is a recorded look;
        then raises ``Locked``."""
        require(actor, Permission.READ_PERSON)
        desk = self._desk
        if named:
            desk.must_be_unlocked()
            await desk.look(actor, "look.notices", "notices")
        async with desk.db.read() as tx:
            counts = await notices.counts(tx, desk.now - SHOWN_DAYS * DAY)
            states = (State.WAITING, State.FAILED, State.GIVEN_UP)
            rows = await notices.listed(tx, states, SHOWN)
            lost = list(await notice_choices.all_bounced(tx))
            names = await self._names(tx, [*(row.notice.person_id for row in rows), *lost]) if named else {}
            chosen = await self._choosing.of_all(tx)
            still = []
            for person_id in lost:
                held = await persons.get(tx, person_id)
                if held and desk.unlocked and self._choosing.failed(chosen.get(person_id), held):
                    still.append((person_id, names.get(person_id, "")))
            ways = await self._choosing.ways(tx)
            texts = await self.answering.unclear(tx, named=named)
            ring = await self.ringing.listed(tx, ways, named=named) if desk.unlocked else ()
        return OutboxView(
            ways=ways,
            ring=ring,
            texts=texts,
            trouble=frozenset(way for way in ways if self._sending[way].trouble),
            waiting=counts.get(State.WAITING, 0),
            sent=counts.get(State.SENT, 0),
            failed=counts.get(State.FAILED, 0) + counts.get(State.GIVEN_UP, 0),
            lines=tuple(self._line(row, names, named) for row in rows),
            addresses=tuple(still),
            named=named,
        )

    async def again(self, actor: Actor, notice_id: str) -> None:
        """One that failed is tried once more. Raises ``Conflict("moved_on")``, ``NotFound``."""
        require(actor, Permission.DISPATCH)
        desk = self._desk
        async with desk.db.write() as tx:
            row = await notices.get(tx, notice_id)
            if row is None:
                raise NotFound("no_such_notice", N_("There is no such message any more."))
            if not await notices.again(tx, notice_id, desk.now, desk.now + DAY):
                raise moved_on()
            await desk.record(
                tx, actor, "notice.again", person_object(row.notice.person_id), notice=notice_id
            )
        self._sending[row.notice.way].try_now()

    async def failing(self) -> int:
        """How many messages of the last two weeks came to nothing: for the line above the board. Works locked."""
        async with self._desk.db.read() as tx:
            counts = await notices.counts(tx, self._desk.now - SHOWN_DAYS * DAY)
        return counts.get(State.FAILED, 0)

    async def texts_waiting(self) -> int:
        """How many texts that came in wait for a coordinator: for the line above the board. Works locked."""
        async with self._desk.db.read() as tx:
            return await texts_in.count(tx, TextState.UNCLEAR)

    async def _names(self, tx: Tx, people: Iterable[PersonId]) -> dict[PersonId, str]:
        names = {}
        for person_id in set(people):
            if (held := await persons.get(tx, person_id)) is not None:
                names[person_id] = self._desk.open_person(held).name
        return names

    def _line(self, row: NoticeRow, names: Mapping[PersonId, str], named: bool) -> Line:
        said = ""
        if row.answer_sealed is not None and named:
            record = self._desk.vault.open(Compartment.PEOPLE, "notices", row.notice.id, row.answer_sealed)
            said = str(record["said"])
        return Line(notice=row.notice, name=names.get(row.notice.person_id, ""), said=said)
