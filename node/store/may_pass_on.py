"""To which group somebody who asked on the page lets us give her request; her yes itself is a consent."""

from node.domain.exchange.referral import MayPassOn
from node.store.db import Tx, kept


async def put(tx: Tx, need_id: str, may: MayPassOn) -> None:
    """Writes it, once for a need."""
    await tx.execute(
        "INSERT INTO may_pass_on(need_id, peer, wording, at) VALUES(?,?,?,?)",
        (need_id, may.peer, may.wording, may.at),
    )


@kept
async def of_need(tx: Tx, need_id: str) -> MayPassOn | None:
    """None where nobody was asked, or said no."""
    async with tx.execute(
        "SELECT peer, wording, at FROM may_pass_on WHERE need_id = ?", (need_id,)
    ) as cursor:
        row = await cursor.fetchone()
    return None if row is None else MayPassOn(peer=row["peer"], wording=row["wording"], at=row["at"])
