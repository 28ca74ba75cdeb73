"""What a backup that is put back needs of the node, without pages and without the network."""

from collections.abc import Sequence
from pathlib import Path

from node.clock import Clock
from node.domain.catalogue import Catalogue
from node.domain.ids import Random
from node.services.accounts.access import Access
from node.services.desk import Desk
from node.services.rights import erasing
from node.store import erasures
from node.store.db import Database
from node.store.erasures import Erasure
from node.vault import Vault


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
