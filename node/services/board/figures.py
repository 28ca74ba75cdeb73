"""The group's own figures: what was asked for, how long it took, who helped. Counts, and no names."""

from node.domain.actors import Actor
from node.domain.board.figures import Figures, Laid, Period
from node.domain.permissions import Permission, require
from node.services.desk import Desk
from node.store import figures, receipts
from node.vault import Compartment


class OwnFigures:
    """One verb."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def of(self, actor: Actor, period: Period) -> Figures:
        """Every figure of these days, small ones too: for whoever may see people anyway. The sum of the receipts is
        sealed, and ``None`` while locked."""
        require(actor, Permission.DISPATCH)
        require(actor, Permission.READ_PERSON)
        async with self._desk.db.read() as tx:
            counted = await figures.counted(tx, period, self._desk.now)
            rows = await receipts.between(tx, period.first, period.last)
        return Figures(
            period=period,
            counts=counted.counts,
            kinds=counted.kinds,
            ended=counted.ended,
            first_answer=counted.first_answer,
            done=counted.done,
            laid=Laid(receipts=len(rows), sum=self._sum(rows)),
        )

    def _sum(self, rows: list[tuple[str, bytes]]) -> int | None:
        if not self._desk.unlocked:
            return None
        opened = (self._desk.vault.open(Compartment.PEOPLE, "receipts", *row) for row in rows)
        return sum(int(record["amount"]) for record in opened)
