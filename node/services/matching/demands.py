"""What each kind of help asks of whoever does it: the shared list, and what this group asks beyond it."""

from node.domain.catalogue import Catalogue
from node.services.desk import Desk
from node.store import demands
from node.store.db import Tx


async def asking(tx: Tx, desk: Desk) -> Catalogue:
    """The kinds of help with all that this group asks."""
    return desk.catalogue.asking(await demands.all_of_them(tx))
