"""One group's desk over a real ``group.db``: made-up staff, people and needs, and a clock to move."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from node.domain.actors import Actor, ActorKind, Role
from node.domain.assignment import AssignmentState
from node.domain.catalogue import CheckLevel, Klass, catalogue
from node.domain.consents import Consents
from node.domain.exchange.away_task import AwayTask, Seen
from node.domain.ids import AssignmentId, NeedId, PersonId, StaffId
from node.domain.intake.intake import NewNeed, NewPerson, Taken
from node.domain.need import Point
from node.domain.people.newcomer import NewVolunteer
from node.domain.volunteer import Cleared
from node.services.board.board import Board
from node.services.board.shifts import Shifts
from node.services.board.watch import Watch
from node.services.calls.call_book import CallBook
from node.services.calls.call_links import CallLinks
from node.services.calls.callers import Callers
from node.services.calls.days import CallDays
from node.services.calls.entries import CallEntries
from node.services.calls.lists import CallLists
from node.services.desk import Desk
from node.services.dispatch.buddies import Buddies
from node.services.dispatch.corrections import Corrections
from node.services.dispatch.details import Details
from node.services.dispatch.dispatch import Dispatch
from node.services.dispatch.follow_up import FollowUp
from node.services.dispatch.handing_on import HandingOn
from node.services.dispatch.outcome import Outcome
from node.services.dispatch.picking import Picking
from node.services.dispatch.plans import Plans
from node.services.dispatch.repeating import Repeating
from node.services.dispatch.tasks import Tasks
from node.services.dispatch.threads import Threads
from node.services.dispatch.undo import Undo
from node.services.dispatch.waves import Waves
from node.services.dispatch.who_rang import WhoRang
from node.services.intake.intake import Intake
from node.services.intake.made_up import MadeUp
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.services.own.calendar import OwnCalendar
from node.services.own.door import OwnDoor
from node.services.own.offers import OwnOffers
from node.services.own.page import OwnPage
from node.services.own.passkeys import OwnPasskeys
from node.services.own.times import OwnTimes
from node.services.people.directory import Directory
from node.services.people.households import Households
from node.services.people.journeys import Journeys
from node.services.people.patch_links import PatchLinks
from node.services.people.people import People
from node.services.people.street_teams import StreetTeams
from node.services.rights.forgetting import Forgetting
from node.services.rounds.receipts import Receipts
from node.services.rounds.run_book import RunBook
from node.services.rounds.run_links import RunLinks
from node.services.rounds.runs import Runs
from node.services.rounds.tomorrow import Tomorrow
from node.services.safety.demands import Demands
from node.services.safety.incidents import Incidents
from node.services.safety.looks import Looks
from node.services.safety.vetting import Vetting
from node.services.safety.visits import Visits
from node.services.settings.texts import Texts
from node.store import away_tasks, staff
from node.store.db import Database
from node.vault import Compartment, Vault
from node.vault.keys import KeyPair
from protocol.cells import partition_for
from tests.harness.clock import FakeClock

HOME = Point(lat=51.4400, lon=-2.5900, accuracy_m=50)
"""A made-up household in the middle of a town."""


def point(km_north: float = 0.0, km_east: float = 0.0, accuracy_m: int = 50) -> Point:
    """A point some kilometres from ``HOME``."""
    return Point(lat=HOME.lat + km_north / 111.195, lon=HOME.lon + km_east / 69.3, accuracy_m=accuracy_m)


class Counted:
    """Random bytes that are the same in every run, and differ at every call."""

    def __init__(self) -> None:
        self._calls = 0

    def __call__(self, length: int) -> bytes:
        self._calls += 1
        return hashlib.shake_128(self._calls.to_bytes(8, "big")).digest(length)


class Office:
    """Services over one database; begins unlocked, ``lock`` and ``unlock`` as a restart and a sign-in do."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db = db
        self.folder = folder
        self.clock = FakeClock()
        self.pairs = {compartment: KeyPair.new() for compartment in Compartment}
        self.vault = Vault({c: pair.public for c, pair in self.pairs.items()}, region="GB")
        self.desk = Desk(
            db=db,
            vault=self.vault,
            clock=self.clock,
            random=Counted(),
            catalogue=catalogue(),
            partitions={Klass.A: partition_for("A", None), Klass.B: partition_for("B", None)},
        )
        self.roster = Roster(self.desk)
        self.intake = Intake(self.desk, self.roster)
        self.matching = Matching(self.desk, self.roster)
        self.dispatch = Dispatch(self.desk, self.roster, self.matching)
        self.follow_up = FollowUp(self.desk)
        self.own_door = OwnDoor(self.desk)
        self.own_passkeys = OwnPasskeys(self.desk, self.own_door)
        self.own_page = OwnPage(self.desk, self.roster, self.matching)
        self.own_offers = OwnOffers(self.desk, self.roster, self.own_page)
        self.own_times = OwnTimes(self.desk, self.roster)
        self.own_calendar = OwnCalendar(self.desk)
        self.runs = Runs(self.desk, self.roster, self.dispatch, self.follow_up)
        self.run_book = RunBook(self.desk, self.roster, self.matching)
        self.texts = Texts(db, self.clock)
        self.call_lists = CallLists(self.desk, self.roster, self.texts)
        self.callers = Callers(self.desk, self.roster)
        self.call_entries = CallEntries(self.desk, self.texts)
        self.call_book = CallBook(self.desk, self.roster, self.matching)
        self.call_days = CallDays(self.desk)
        self.call_links = CallLinks(self.desk, self.roster, self.matching)
        self.receipts = Receipts(self.desk)
        self.tomorrow = Tomorrow(self.desk, self.run_book)
        self.run_links = RunLinks(self.desk, self.roster, self.follow_up)
        self.undo = Undo(self.desk, self.roster, self.matching)
        self.shifts = Shifts(self.desk)
        self.watch = Watch(self.desk)
        self.threads = Threads(self.desk)
        self.outcome = Outcome(self.desk, self.roster, self.follow_up)
        self.corrections = Corrections(self.desk, self.roster, self.matching)
        self.who_rang = WhoRang(self.desk)
        self.tasks = Tasks(self.desk, self.roster, self.matching)
        self.waves = Waves(self.desk, self.roster, self.matching)
        self.made_up = MadeUp(self.desk, self.intake)
        self.buddies = Buddies(self.desk, self.roster)
        self.repeating = Repeating(self.desk, self.roster, self.matching, self.intake)
        self.handing_on = HandingOn(self.desk, self.roster)
        self.picking = Picking(self.desk, self.roster, self.matching)
        self.plans = Plans(self.desk, self.roster, self.matching, self.waves)
        self.directory = Directory(self.desk)
        self.people = People(self.desk, self.roster, self.directory)
        self.details = Details(self.desk, self.roster)
        self.households = Households(self.desk, self.roster)
        self.street_teams = StreetTeams(self.desk)
        self.patch_links = PatchLinks(self.desk, self.roster)
        self.journeys = Journeys(self.desk, self.roster)
        self.forgetting = Forgetting(self.desk, self.people)
        self.vetting = Vetting(self.desk, self.roster)
        self.visits = Visits(self.desk)
        self.incidents = Incidents(self.desk)
        self.looks = Looks(self.desk)
        self.demands = Demands(self.desk)
        self.board = Board(self.desk)
        self.vault.on_unlock(self.intake.on_unlock)
        self.vault.on_unlock(self.roster.on_unlock)
        self.vault.on_unlock(self.people.on_unlock)
        self.vault.on_lock(self.roster.on_lock)
        self.vault.on_lock(self.board.on_lock)
        self.vault.on_lock(self.directory.on_lock)
        self.ana = _staff("Ana-made-up", Role.COORDINATOR)
        self.ben = _staff("Ben-made-up", Role.COORDINATOR)
        self.triage = _staff("Tri-made-up", Role.TRIAGE)
        self.safety = _staff("Saf-made-up", Role.SAFETY)
        self.admin = _staff("Adm-made-up", Role.ADMIN)
        self._numbers = 0

    async def unlock(self) -> None:
        """What the first sign-in does."""
        await self.vault.unlock({c: pair.private for c, pair in self.pairs.items()})

    def lock(self) -> None:
        """What a restart does."""
        self.vault.lock()

    async def call(self, *categories: str, **changes: Any) -> Taken:
        """A call for help of these kinds, groceries by default."""
        return await self.intake.take(self.ana, self.told(*categories, **changes))

    def told(self, *categories: str, **changes: Any) -> NewNeed:
        """The same before it is saved."""
        self._numbers += 1
        person = NewPerson(
            # Whoever is known keeps her name unless another one is typed.
            name=changes.pop(
                "name", "" if "known_person" in changes else f"Winifred Testcase{self._numbers}"
            ),
            phone=changes.pop("phone", f"0117 496 0{self._numbers:03d}"),
            address=changes.pop("address", f"{self._numbers} Imaginary Row"),
            safe_to_ring="only before noon",
            languages=changes.pop("speaks", ()),
        )
        settings: dict[str, Any] = {
            "person": person,
            "categories": categories or ("groceries",),
            "point": HOME,
            "notes": "the bell is broken, knock loudly",
            "doorstep_word": "marmalade",
            "consents": Consents(help_you=True, groups_see=True),
            "start": "open",
        }
        return NewNeed(**(settings | changes))

    async def need(self, *categories: str, **changes: Any) -> NeedId:
        """The first need of such a call."""
        return (await self.call(*categories, **changes)).need_id

    async def helper(self, name: str = "Sam Pretend", **changes: Any) -> PersonId:
        """A volunteer who does everything, holds every check, and lives next door."""
        self._numbers += 1
        settings: dict[str, Any] = {
            "person": NewPerson(name=name, phone=f"07700 900{self._numbers:03d}"),
            "point": point(0.8),
            "abilities": ("groceries", "lift", "childcare", "medication", "phone_call"),
            "cleared": (Cleared(check=CheckLevel.CRIMINAL_RECORD),),
            "languages": ("en",),
        }
        return await self.people.add_volunteer(self.ana, NewVolunteer(**(settings | changes)))

    async def confirmed(self, need_id: NeedId, helper: PersonId) -> AssignmentId:
        """Asked and confirmed by Ana."""
        return await self.dispatch.assign(self.ana, need_id, helper)

    async def elsewhere(self, person: PersonId, seen: Seen, **changes: Any) -> AwayTask:
        """She offered to another group, and that group said yes just now."""
        now = self.desk.now
        settings: dict[str, Any] = {"answer": "yes", "created_at": now, "changed_at": now}
        task = AwayTask(
            id="A" * 22,
            peer="did:key:z6MkNobodys",
            public_id="B" * 22,
            person_id=person,
            helper="helper-1",
            state=AssignmentState.APPROVED,
            seen=seen,
            **(settings | changes),
        )
        async with self.db.write() as tx:
            await away_tasks.insert(tx, task)
        return task

    async def state(self, need_id: NeedId) -> str:
        """The need's state as the board shows it."""
        return str((await self.board.need(self.ana, need_id)).need.state)


def _staff(handle: str, *roles: Role) -> Actor:
    staff_id = handle.ljust(21, "x")[:21] + "A"
    return Actor(kind=ActorKind.STAFF, id=staff_id, name=handle, roles=frozenset(roles))


@asynccontextmanager
async def open_office(folder: Path) -> AsyncIterator[Office]:
    """An office with its staff entered and its records open."""
    db = await Database.open(folder / "group.db")
    try:
        office = Office(db, folder)
        async with db.write() as tx:
            for actor in (office.ana, office.ben, office.triage, office.safety, office.admin):
                await staff.insert(
                    tx,
                    staff.StaffRow(
                        id=StaffId(actor.id or ""),
                        handle=actor.name,
                        roles=actor.roles,
                        state="active",
                        public_key=b"p",
                        wrapped_key=b"w",
                        kdf="{}",
                        created_at=0,
                    ),
                )
        await office.unlock()
        yield office
    finally:
        await db.close()


def on_disk(office: Office) -> bytes:
    """Everything that lies in the folder of its database."""
    folder = office.folder
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
