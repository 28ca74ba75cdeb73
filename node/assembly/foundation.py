"""What every service stands on: the database, the vault, the keys and the population table; and the network side."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from node.clock import Clock
from node.config import Config
from node.domain.catalogue import Klass
from node.domain.ids import Random
from node.errors import Misconfigured
from node.ports import (
    Carrier,
    Discovery,
    Evidence,
    NeighbourhoodReader,
    NeighbourTimes,
    Outside,
    OwnStatements,
    Post,
    Rounds,
)
from node.services.accounts.keyring import FILE as KEY_FILE
from node.services.accounts.keyring import Keyring
from node.store.ballast import Ballast
from node.store.db import Database
from node.vault import Vault
from protocol.cells import Partition, partition_for
from protocol.errors import ProtocolError
from protocol.population import PopulationTable

TABLE_BEFORE = "population-before.csv"
"""Beside the population table: the one that was used until it came, so that areas stay true under both."""


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
    evidence: Evidence
    post: Post
    outside: Outside
    times: NeighbourTimes


@asynccontextmanager
async def ground(config: Config, clock: Clock, random: Random) -> AsyncIterator[Ground]:
    """Opens ``group.db`` and reads what lies beside it. The vault starts locked."""
    table = _population(config.population_table)
    before = _population(config.population_table.with_name(TABLE_BEFORE))
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
            partitions={
                Klass.A: partition_for("A", table, before),
                Klass.B: partition_for("B", table, before),
            },
        )
    finally:
        await db.close()


def _population(path: Path) -> PopulationTable | None:
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
