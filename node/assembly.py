"""What the node is built of: every service, made from what it needs and from nothing else.

The one record that holds them all travels only along the edges - to the application's keys, the commands and the
jobs. No service ever sees it.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from node.clock import Clock
from node.config import Config
from node.domain.catalogue import Catalogue, Klass
from node.domain.ids import Random
from node.errors import Misconfigured
from node.ports import Carrier, Discovery, NeighbourhoodReader, OwnStatements, Rounds
from node.services import erasing
from node.services.access import Access
from node.services.backup import Backup
from node.services.board import Board
from node.services.desk import Desk
from node.services.dispatch import Dispatch
from node.services.imports import Imports
from node.services.intake import Intake
from node.services.keyring import FILE as KEY_FILE
from node.services.keyring import Keyring
from node.services.matching import Matching
from node.services.neighbourhood import Neighbourhood
from node.services.passwords import Passwords
from node.services.peering import Peering
from node.services.people import People
from node.services.places import Places
from node.services.publishing import Publishing
from node.services.rescue import Rescue
from node.services.roster import Roster
from node.services.setup import Setup
from node.services.standing import Standing
from node.services.tasks import Tasks
from node.services.team import Team
from node.services.timekeeping import Timekeeper
from node.store import erasures
from node.store.ballast import Ballast
from node.store.db import Database
from node.store.erasures import Erasure
from node.vault import Vault
from protocol.cells import Partition, partition_for
from protocol.errors import ProtocolError
from protocol.population import PopulationTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What everything stands on: opened first, closed last."""

    config: Config
    clock: Clock
    random: Random
    db: Database
    vault: Vault
    keyring: Keyring
    table: PopulationTable | None
    partitions: Mapping[Klass, Partition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The network side, as the services see it (``node.ports``)."""

    reader: NeighbourhoodReader
    own: OwnStatements
    discovery: Discovery
    rounds: Rounds
    carrier: Carrier


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every verb of the node, by noun."""

    catalogue: Catalogue
    access: Access
    setup: Setup
    rescue: Rescue
    team: Team
    intake: Intake
    board: Board
    dispatch: Dispatch
    tasks: Tasks
    matching: Matching
    people: People
    places: Places
    imports: Imports
    publishing: Publishing
    peering: Peering
    neighbourhood: Neighbourhood
    standing: Standing
    timekeeper: Timekeeper
    backup: Backup
    rounds: Rounds
    carrier: Carrier


@asynccontextmanager
async def ground(config: Config, clock: Clock, random: Random) -> AsyncIterator[Ground]:
    """Opens ``group.db`` and reads what lies beside it. The vault starts locked."""
    table = _population(config)
    keyring = Keyring(config.data / KEY_FILE)
    # A folder with a signing key had a database: if that is missing, this is no new node.
    db = await Database.open(
        config.group_db, create=not keyring.exists(), ballast=Ballast(config.data / "ballast")
    )
    try:
        yield Ground(
            config=config,
            clock=clock,
            random=random,
            db=db,
            vault=Vault(),
            keyring=keyring,
            table=table,
            partitions={Klass.A: partition_for("A", table), Klass.B: partition_for("B", table)},
        )
    finally:
        await db.close()


async def services(on: Ground, network: Network, passwords: Passwords) -> Services:
    """Makes every service; gives the vault its public keys and what is to happen when it opens."""
    catalogue = Catalogue.load()
    access = Access(on.db, on.vault, on.clock, on.random, passwords=passwords)
    await access.load()
    desk = Desk(
        db=on.db,
        vault=on.vault,
        clock=on.clock,
        random=on.random,
        catalogue=catalogue,
        partitions=on.partitions,
    )
    roster = Roster(desk)
    matching = Matching(desk, roster)
    intake = Intake(desk, roster)
    on.vault.on_unlock(intake.on_unlock)
    on.vault.on_unlock(roster.on_unlock)
    people = People(desk, roster)
    on.vault.on_unlock(people.on_unlock)
    board = Board(desk)
    on.vault.on_lock(roster.on_lock)
    on.vault.on_lock(board.on_lock)
    places = Places(on.db, on.clock)
    timekeeper = Timekeeper(on.db, on.clock)
    await timekeeper.load()
    publishing = Publishing(desk, on.keyring, network.own, table=on.table, trusted=timekeeper.trusted)
    return Services(
        catalogue=catalogue,
        access=access,
        setup=Setup(
            on.db,
            access,
            on.keyring,
            on.clock,
            on.random,
            passwords=passwords,
            on_done=(timekeeper.load,),
        ),
        rescue=Rescue(on.db, access, on.clock, passwords=passwords),
        team=Team(on.db, on.vault, on.clock, on.random, passwords=passwords),
        intake=intake,
        board=board,
        dispatch=Dispatch(desk, roster, matching),
        tasks=Tasks(desk, roster),
        matching=matching,
        people=people,
        places=places,
        imports=Imports(desk, intake, roster, places),
        publishing=publishing,
        peering=Peering(
            on.db, on.clock, discovery=network.discovery, reader=network.reader, rounds=network.rounds
        ),
        neighbourhood=Neighbourhood(network.reader, catalogue, on.clock),
        standing=Standing(on.db, on.vault, network.reader, timekeeper),
        timekeeper=timekeeper,
        backup=Backup(on.db, on.clock, folder=on.config.data),
        rounds=network.rounds,
        carrier=network.carrier,
    )


async def erased_in(folder: Path) -> Sequence[Erasure]:
    """The erasure ledger of a data folder that no process uses."""
    db = await Database.open(folder / "group.db", create=False)
    try:
        async with db.read() as tx:
            return await erasures.all_of_them(tx)
    finally:
        await db.close()


async def erase_again(db: Database, ledger: Sequence[Erasure], clock: Clock, random: Random) -> int:
    """Erases again what a restored database still holds; works locked. Returns how many people that were."""
    vault = Vault()
    await Access(db, vault, clock, random).load()
    desk = Desk(db=db, vault=vault, clock=clock, random=random, catalogue=Catalogue.load(), partitions={})
    return await erasing.erase_again(desk, ledger)


def _population(config: Config) -> PopulationTable | None:
    path = config.population_table
    if not path.exists():
        return None
    try:
        return PopulationTable.load(path.read_bytes())
    except ProtocolError as error:
        raise Misconfigured(
            "population_table",
            "The population table cannot be used: %(why)s",
            why=error.detail,
            hint=str(path),
        ) from error
