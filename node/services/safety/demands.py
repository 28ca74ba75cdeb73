"""What each kind of help asks, as a page: the group asks more than the shared list, and what was confirmed under less
comes up again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.assignment import Fallen
from node.domain.assignment_lifecycle import COMING
from node.domain.catalogue import Category, CheckLevel, Going
from node.domain.matching.matching import holds
from node.domain.permissions import Permission, require
from node.errors import N_, Invalid, NotFound
from node.services.desk import Desk
from node.services.dispatch.call_about import call_about
from node.services.dispatch.moves import follow
from node.services.matching.demands import asking
from node.services.matching.visiting import make_room
from node.store import assignments, demands, volunteers
from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRow:
    """One kind: as everybody has it, and as this group does."""

    shared: Category
    ours: Category
    checks: tuple[CheckLevel, ...]
    """What may be chosen: the shared level and everything stronger."""
    goings: tuple[Going, ...]
    """The same for how one goes."""


class Demands:
    """The verbs of the page about what each kind asks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def table(self, actor: Actor) -> tuple[DemandRow, ...]:
        """Every kind, in the shared order. Raises ``NotAllowed``."""
        require(actor, Permission.SAFETY_RULES)
        async with self._desk.db.read() as tx:
            ours = await asking(tx, self._desk)
        return tuple(
            DemandRow(
                shared=kind,
                ours=ours.category(kind.code),
                checks=tuple(CheckLevel)[tuple(CheckLevel).index(kind.check) :],
                goings=tuple(Going)[tuple(Going).index(kind.going) :],
            )
            for kind in self._desk.catalogue.categories
        )

    async def change(self, actor: Actor, wanted: Mapping[str, tuple[str, str]]) -> None:
        """Code -> (safety check, how one goes), all or nothing. More than the shared list, never less.

        What was confirmed before stays confirmed: whether a neighbour is let down tomorrow is for a person to decide.
        But in the same write every request whose helper no longer has what it takes comes up to be called about today,
        and where two go from now on, a second place opens. Raises ``NotFound`` for an unknown kind, ``Invalid`` with
        the field ``kind:<code>``, ``Locked``: which kind a request is of must be read for that.
        """
        require(actor, Permission.SAFETY_RULES)
        desk, problem = self._desk, N_("Every group asks at least this much. A group may ask more.")
        fields: dict[str, str] = {}
        after: dict[str, tuple[CheckLevel, Going]] = {}
        for code, (level, going) in wanted.items():
            if code not in desk.catalogue:
                raise NotFound("no_category", N_("There is no such kind of help."))
            shared = desk.catalogue.category(code)
            if level not in set(CheckLevel) or going not in set(Going):
                fields[f"kind:{code}"] = N_("Please choose one of these.")
                continue
            after[code] = CheckLevel(level), Going(going)
            asked = desk.catalogue.asking({code: after[code]}).category(code)
            if (asked.check, asked.going) != after[code]:
                fields[f"kind:{code}"] = problem
            elif after[code] == (shared.check, shared.going):
                after[code] = CheckLevel.NONE, Going.ALONE
        if fields:
            raise Invalid("demands", N_("Some answers need another look."), fields=fields)
        desk.must_be_unlocked()
        async with desk.db.write() as tx:
            await self._put(tx, actor, after)

    async def take(self, tx: Tx, actor: Actor, asks: Mapping[str, tuple[CheckLevel, Going]]) -> None:
        """These kinds ask that from now on, in the caller's write: what a starter kit brings, beside which nothing is
        lowered (``kit.stronger``). Raises ``NotAllowed``, and ``Locked`` while somebody is confirmed for something."""
        require(actor, Permission.SAFETY_RULES)
        if await assignments.live(tx):
            self._desk.must_be_unlocked()
        await self._put(tx, actor, asks)

    async def _put(self, tx: Tx, actor: Actor, after: Mapping[str, tuple[CheckLevel, Going]]) -> None:
        before, changed = await demands.all_of_them(tx), set[str]()
        for code, asked_for in after.items():
            if asked_for == before.get(code, (CheckLevel.NONE, Going.ALONE)):
                continue
            if asked_for == (CheckLevel.NONE, Going.ALONE):
                await demands.drop(tx, code)
            else:
                await demands.put(tx, code, *asked_for)
            codes = {"check": str(asked_for[0]), "going": str(asked_for[1])}
            await self._desk.record(tx, actor, "category.asks", f"category:{code}", **codes)
            changed.add(code)
        if changed:
            await self._bring_up(tx, actor, changed)

    async def _bring_up(self, tx: Tx, actor: Actor, changed: Collection[str]) -> None:
        """Requests of these kinds that somebody is confirmed for."""
        desk, kinds = self._desk, await asking(tx, self._desk)
        for task in await assignments.live(tx):
            row = await desk.need_row(tx, task.need_id)
            code = desk.open_need(row).category if row.sealed else ""
            if code not in changed or task.state not in COMING:
                continue
            if kinds.category(code).going is Going.PAIR:
                await make_room(tx, desk, actor, row)
                await follow(tx, desk, actor, task.need_id)
            volunteer = await volunteers.get(tx, task.person_id)
            if volunteer is not None and not holds(volunteer, kinds.category(code).check, desk.today):
                await call_about(tx, desk, actor, task, Fallen.CHECK_OVER)
