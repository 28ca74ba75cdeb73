"""Picking unasked: somebody with a task of ours sees what else she could do, and takes one.

Only kinds of help that need no check and nothing special are shown, only what every gate lets through, and of each no
more than anybody reads on the map. Where the group decided that a helper's own yes is enough it is confirmed at once;
elsewhere it is an offer that waits for a coordinator, like every other.
"""

from dataclasses import dataclass, replace

from node.domain.actors import volunteer_actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.board.views import Reason
from node.domain.ids import NeedId
from node.domain.matching.matching import Helper, Wanted, claimable
from node.domain.matching.scoring import whereabouts
from node.domain.need import Need, NeedState
from node.domain.own.distance import span
from node.domain.own.views import NearRow
from node.errors import N_, Conflict
from node.services import links
from node.services.desk import Desk
from node.services.dispatch import asking
from node.services.dispatch.claims import claim
from node.services.matching.beside import read_beside
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import assignments, needs, settings
from node.store.db import Tx
from node.store.needs import NeedRow

MOST = 8
"""More than anybody reads on a telephone."""
OPEN = (NeedState.OPEN, NeedState.OFFERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picks:
    """What there is, and whether her own yes is enough."""

    found: tuple[NearRow, ...]
    at_once: bool
    locked: bool = False


class Picking:
    """The two verbs, by a task's private link, on the device that it is tied to. ``device``: its cookie.

    Both raise ``NotFound("link_closed")``, ``Conflict("other_device")``.
    """

    def __init__(self, desk: Desk, roster: Roster, matching: Matching) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching

    async def near(self, token: str, device: str) -> Picks:
        """What else she could do, the oldest first. Nothing while locked: what a task takes cannot be read then."""
        desk = self._desk
        if desk.unlocked:
            await self._roster.ready()
        async with desk.db.read() as tx:
            task = await self._here(tx, token, device)
            at_once = await settings.get(tx, settings.CLAIMS) == "helper"
            helper = self._roster.get(task.person_id) if desk.unlocked else None
            if helper is None:
                return Picks(found=(), at_once=at_once, locked=not desk.unlocked)
            found = []
            # The clear category is the exact one for plain kinds of help; the others are never picked unasked.
            rows = [row for row in await needs.in_states(tx, OPEN) if row.need.category in helper.abilities]
            beside = await read_beside(tx, desk, self._roster, rows)
            for row in rows:
                if any(each.person_id == helper.person_id for each in beside.on_it(row.need.id)):
                    continue
                wanted = self._matching.gated(row, beside)
                if claimable(helper, wanted, desk.now):
                    found.append(near_row(row, helper, wanted))
                if len(found) == MOST:
                    break
        return Picks(found=tuple(found), at_once=at_once)

    async def pick(self, token: str, device: str, need_id: NeedId) -> str:
        """She takes it: a task of hers with a link of its own, tied to this device already; its token.

        Raises ``Conflict`` (``already_taken``, ``gate``, ``moved_on``, ``not_suitable``), ``Locked``, ``NotFound``.
        """
        desk = self._desk
        async with desk.db.read() as tx:
            await self._here(tx, token, device)  # a link that there is not is told so, also while locked
        await self._roster.ready()
        fresh = links.new_token(desk.random)
        async with desk.db.write() as tx:
            task = await self._here(tx, token, device)
            helper, row = self._roster.get(task.person_id), await desk.need_row(tx, need_id)
            wanted = await self._matching.wanted(tx, row)
            if helper is None or not claimable(helper, wanted, desk.now):
                raise quicker()
            await offer_herself(tx, desk, self._roster, self._matching, row, helper, device, fresh)
        await self._roster.refresh(task.person_id)
        return fresh

    async def _here(self, tx: Tx, token: str, device: str) -> Assignment:
        task = await links.assignment_by(tx, token, self._desk.now)
        links.must_be_here(task.device_hash, device)
        return task


async def offer_herself(
    tx: Tx,
    desk: Desk,
    roster: Roster,
    matching: Matching,
    row: NeedRow,
    helper: Helper,
    device: str,
    token: str,
) -> Assignment:
    """An offer of her own accord, tied to her device, under the link of that token; confirmed at once where the group
    lets helpers. Whoever asks has looked at the gates. Raises ``Conflict`` as ``Picking.pick`` does."""
    if row.need.state not in OPEN or not await never_on_it(tx, row.need, helper):
        raise quicker()
    actor, offered = volunteer_actor(helper.person_id), AssignmentState.INTERESTED
    new = await asking.begin(tx, desk, matching, actor, row.need.id, helper.person_id, offered)
    new = replace(links.with_new_link(new, token, desk.now), by_staff=None)
    new = replace(new, device_hash=links.device_hash(device))
    await assignments.update(tx, new)
    return await claim(tx, desk, roster, matching, actor, new)


async def never_on_it(tx: Tx, need: Need, helper: Helper) -> bool:
    """Whether she never was on it: whoever gave something back is not offered it again."""
    on_it = await assignments.of_need(tx, need.id)
    return all(each.person_id != helper.person_id for each in on_it)


def quicker() -> Conflict:
    """For something that is not free for her any more; why is not said."""
    return Conflict("not_to_pick", N_("Somebody was quicker, or it needs a coordinator. Thank you!"))


def near_row(row: NeedRow, helper: Helper, wanted: Wanted) -> NearRow:
    """What a volunteer reads of a request that she could take."""
    need = row.need
    return NearRow(
        need_id=need.id,
        category=need.category,
        cell=need.cell,
        urgency=need.urgency,
        window=need.window,
        part_of_day=need.part_of_day,
        effort=str(need.effort) if need.effort else None,
        requires=need.requires,
        tags=need.tags,
        helpers=need.helpers,
        posted_day=need.posted_day,
        where=Reason(code="from_home", args={}) if need.remote else _roughly(whereabouts(helper, wanted)),
    )


def _roughly(where: Reason) -> Reason:
    """To a tenth of a kilometre is for the desk: three volunteers who compare that know the door."""
    if where.code != "distance":
        return where
    near, far = span(float(where.args["km"]))
    args: dict[str, str | int | float] = {"near": near}
    if far is not None:
        args["far"] = far
    return Reason(code="span", args=args)
