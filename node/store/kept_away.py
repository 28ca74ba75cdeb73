"""The last door before a task: whoever is kept away, stopped for now, or asked for help and is kept away.

Matching says so earlier and in its own words. This is asked inside the write of every row that would give somebody a
task or a private link, whichever verb writes it: a verb that forgets to ask cannot get past it.
"""

from node.errors import N_, Conflict
from node.store.db import Tx

_HELPER = """
    EXISTS(SELECT 1 FROM persons WHERE id = :helper AND state = 'barred')
    OR EXISTS(SELECT 1 FROM volunteers WHERE person_id = :helper AND state = 'suspended')"""
_ASKER = """
    EXISTS(SELECT 1 FROM needs n JOIN persons p ON p.id = n.person_id WHERE n.id = :need AND p.state = 'barred')"""


async def refuse_helper(tx: Tx, helper: str) -> None:
    """Raises ``Conflict("not_suitable")`` without a reason if she is barred or suspended."""
    await _refuse(tx, f"SELECT {_HELPER}", helper=helper)


async def refuse(tx: Tx, helper: str, need_id: str) -> None:
    """The same, and if whoever asked for help is barred."""
    await _refuse(tx, f"SELECT {_HELPER} OR {_ASKER}", helper=helper, need=need_id)


async def _refuse(tx: Tx, query: str, **values: str) -> None:
    async with tx.execute(query, values) as cursor:
        row = await cursor.fetchone()
    if row is not None and row[0]:
        raise Conflict("not_suitable", N_("This helper cannot be asked for this."))
