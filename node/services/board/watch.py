"""What waits too long, for the top of the board and its filters. Nothing is remembered: it follows from the rows."""

from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.board.watch import DAY, Because, Waits, Word, escalated
from node.domain.ids import NeedId
from node.domain.notices.alerts import PROMISE_AHEAD
from node.domain.permissions import Permission, require
from node.services.board.shifts import present
from node.services.desk import Desk
from node.store import queues, sessions, settings, staff, watches
from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A decision that everybody at the board sees. ``who``: the handle of whoever took it, empty for nobody."""

    id: str
    """Of the request where ``reference`` names one, else of what is to be seen to; empty for all of a kind."""
    reference: str
    waits: Waits
    because: Because
    who: str
    hours: int
    many: int = 1


class Watch:
    """So that nobody is a single point of failure."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def raised(self, actor: Actor) -> list[Raised]:
        """Decisions that wait longer than the group allows or whose decider is away; the longest waiting first."""
        require(actor, Permission.READ_BOARD)
        desk = self._desk
        async with desk.db.read() as tx:
            everybody = await staff.all_of(tx)
            promised_until = await queues.last_passed(tx, desk.now + PROMISE_AHEAD + 1) - 1
            found = escalated(
                [
                    *await watches.decisions(tx, desk.today, desk.zone.at(desk.today)),
                    *await watches.handed_on(tx),
                    *await watches.promises(tx, desk.today, desk.zone.at(desk.today), promised_until),
                    *await watches.yeses(tx, desk.now - DAY),
                ],
                now=desk.now,
                limit_hours=await settings.get(tx, settings.DECIDE_HOURS),
                on_now=await present(tx, self._desk),
                staff=frozenset(str(row.id) for row in everybody if row.state == "active"),
                signed_in=await sessions.signed_in(tx, desk.now),
            )
        handles = {str(row.id): row.handle for row in everybody}
        return [
            Raised(
                id=each.decision.id,
                reference=each.decision.reference,
                waits=each.decision.waits,
                because=each.because,
                who=handles.get(each.decision.decider or "", ""),
                hours=each.hours,
                many=each.decision.many,
            )
            for each in found
        ]


async def quiet(tx: Tx, now: int) -> list[NeedId]:
    """Needs with a helper of whom nothing was heard for too long; each once."""
    return list(
        dict.fromkeys(task.need_id for task in await watches.tasks(tx) if task.word(now) is not Word.FINE)
    )
