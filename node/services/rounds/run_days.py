"""The day of a round against the days on which its requests are wanted: what is asked about, and another day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from node.domain.actors import Actor
from node.domain.matching.matching import Gate
from node.domain.need import Need
from node.domain.rounds import run as rules
from node.domain.rounds.run import Run, RunState, StopState
from node.domain.rounds.run_views import LeftOut, Rescheduled
from node.errors import N_, Conflict, Invalid
from node.services.desk import Desk, need_object, run_object
from node.services.dispatch.moves import nobody_was_told
from node.services.matching.roster import Roster
from node.services.rounds.run_moves import elsewhere_then
from node.store import runs
from node.store.db import Tx


async def set_day(
    tx: Tx, desk: Desk, roster: Roster, actor: Actor, run: Run, day: date, why: str
) -> Rescheduled:
    """It is on another day with all its stops: link and order stay, and whoever was told who comes, and when, has to be
    told again. ``why``: the reason, kept with the requests, for which it comes on a day on which one of them is not
    wanted, or at a time at which whoever drives is confirmed for something else. Call ``Roster.ready`` first.

    Raises ``Conflict``: ``under_way``, ``round_over``; with ``values["left_out"]`` and without a reason ``busy_then``,
    ``off_day``; ``Invalid`` (``day``).
    """
    if run.state is RunState.UNDER_WAY:
        raise Conflict(
            "under_way",
            N_("They have set off: its day stays. Take off it what cannot be done, or call it off."),
        )
    if run.state in rules.ENDED:
        raise Conflict("round_over", N_("This round is over, or was called off: its day stays."))
    found = rules.problems(day, desk.today, 1)
    if found:
        raise Invalid("run", N_("Some answers need another look."), fields=found)
    if day == run.day:
        return Rescheduled(before=run.day, told=())
    moved, told = replace(run, day=day, changed_at=desk.now), []
    waiting = [stop for stop in await runs.stops(tx, run.id) if stop.state is StopState.WAITING]
    rows = [await desk.need_row(tx, stop.need_id) for stop in waiting]
    if not why.strip():
        await _ask_about(tx, desk, roster, moved, [row.need for row in rows])
    await runs.update(tx, moved)
    codes = {"before": run.day.isoformat(), "after": day.isoformat()}
    for row in rows:
        if await nobody_was_told(tx, desk, row.need.id):
            told.append(row.need.reference)
        await desk.record(tx, actor, "need.round_day", need_object(row.need.id), why=why.strip(), **codes)
    await desk.record(tx, actor, "run.day", run_object(run.id), why=why.strip(), **codes)
    return Rescheduled(before=run.day, told=tuple(told))


async def _ask_about(tx: Tx, desk: Desk, roster: Roster, run: Run, wanted: Sequence[Need]) -> None:
    asked = []
    for need in wanted:
        off = takes_a_reason(desk, run, need)
        busy = await elsewhere_then(tx, roster, run, need)
        if off or busy:
            code = str(Gate.BUSY_THEN) if busy else rules.OFF_DAY
            asked.append(LeftOut(reference=need.reference, code=code, wanted=need.window if off else None))
    if asked:
        raise asked_about(tuple(asked))


def takes_a_reason(desk: Desk, run: Run, need: Need, why: str = "") -> bool:
    """Whether it is wanted on other days, and nobody said why it comes all the same."""
    return not why.strip() and rules.off_its_days(need.window, run.day, desk.today)


def asked_about(left_out: tuple[LeftOut, ...]) -> Conflict:
    """For all of them at once."""
    busy = any(each.code == Gate.BUSY_THEN for each in left_out)
    return busy_then(left_out) if busy else off_day(left_out)


def off_day(left_out: tuple[LeftOut, ...] = ()) -> Conflict:
    """It would come on a day on which it is not wanted."""
    return Conflict(
        rules.OFF_DAY,
        N_("It is wanted on other days than that of the round. If that was agreed, say why."),
        left_out=left_out,
    )


def busy_then(left_out: tuple[LeftOut, ...] = ()) -> Conflict:
    """Whoever drives is sure to be somewhere else then."""
    return Conflict(
        Gate.BUSY_THEN,
        N_("They are confirmed for something else at that time. If they said yes all the same, say why."),
        left_out=left_out,
    )
