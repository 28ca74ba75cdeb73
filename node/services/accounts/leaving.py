"""Off-boarding: one list of what hangs on an account, one button that settles all of it.

The button is one write, so it happens whole or not at all; the new keys follow (``Rekeying``) and go on by themselves
after a crash. Pressing it again does what is left, if anything is.
"""

from node.domain.accounts.leaving import Leaving, MadeLinks, reads_safety
from node.domain.actors import Actor, ActorKind, Role
from node.domain.ids import StaffId
from node.domain.permissions import Permission, may, require
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.accounts.access import actor_of
from node.services.accounts.devices import live
from node.services.accounts.rekeying import Rekeying
from node.services.desk import Desk
from node.store import (
    alert_choices,
    compartments,
    imports,
    incidents,
    leaving,
    sessions,
    settings,
    sheet_drafts,
    staff,
)
from node.store.db import Tx
from node.store.staff import StaffRow


class OffBoarding:
    """The verbs of the page. Works while locked; keys of closed records then wait for the next sign-in."""

    def __init__(self, desk: Desk, rekeying: Rekeying) -> None:
        self._desk = desk
        self._rekeying = rekeying

    async def plan(self, actor: Actor, staff_id: str) -> Leaving:
        """What would be settled. Raises ``NotFound``."""
        require(actor, Permission.STAFF)
        async with self._desk.db.read() as tx:
            return await self._plan(tx, await _account(tx, staff_id))

    async def go(
        self, actor: Actor, staff_id: str, *, to: str | None = None, anyway: bool = False
    ) -> Leaving:
        """Signs them out everywhere and for good, takes keys, drafts, invitations and links that nobody has opened
        away, and gives the work to ``to`` (None: back to everybody); says what is left. ``anyway``: reports about
        safety that nobody else can read are given up.

        Raises ``NotFound``, ``Conflict`` (``yourself``, ``last_holder``, ``last_reader``, ``last_admin``), ``Invalid``
        (field ``to``: nobody who could take it).
        """
        require(actor, Permission.STAFF)
        desk = self._desk
        async with desk.db.write() as tx:
            row = await _account(tx, staff_id)
            plan = await self._plan(tx, row)
            await _refuse(tx, actor, row, plan, anyway)
            if to is not None and to not in {each for each, _ in plan.others}:
                message = N_("Choose somebody who works here.")
                raise Invalid("to", message, fields={"to": message})
            if not plan.gone:
                label = Actor(kind=ActorKind.STAFF, id=row.id).label
                await staff.set_state(tx, row.id, "suspended")
                await sessions.remove_of(tx, row.id)
                await compartments.take_away(tx, row.id)
                await leaving.delete_drafts(tx, row.id)
                await alert_choices.delete_of(tx, row.id)
                await leaving.take_back_invites(tx, label)
                own, made = await self._end_links(tx, actor, row.id, label)
                await leaving.reassign(tx, row.id, to, desk.today)
                await self._sheets(tx, actor, row.id, to)
                wanted = {*await settings.get(tx, settings.REKEY), *plan.holds}
                await settings.put(tx, settings.REKEY, sorted(wanted))
                await desk.record(
                    tx,
                    actor,
                    "staff.left",
                    f"staff:{row.id}",
                    to=to or "",
                    needs=len(plan.work.needs),
                    holds=" ".join(plan.holds),
                    own_links=own,
                    links=made,
                )
        await self._rekeying.settle()
        async with desk.db.read() as tx:
            return await self._plan(tx, await _account(tx, staff_id))

    async def _end_links(self, tx: Tx, actor: Actor, staff_id: str, label: str) -> tuple[int, int]:
        """Own pages, and others. The line beside each task keeps any undo from bringing the link back; all of them
        say afterwards what needs a new one."""
        own, others = await leaving.unopened(tx, staff_id, label, self._desk.now)
        await leaving.end_links(tx, staff_id, others)
        for each in others:
            what = {"task": each.task} if each.task else {"row": each.id}
            await self._desk.record(tx, actor, each.ended, each.object, left=staff_id, **what)
        return own, len(others)

    async def _sheets(self, tx: Tx, actor: Actor, staff_id: str, to: str | None) -> None:
        """They go to whoever takes the work, if that one may bring sheets in; else what is coming in stops, as it
        does when its owner stops it, and the sheets are gone: whoever brought them has the files."""
        account = await staff.get(tx, to) if to else None
        if account is not None:
            takes = actor_of(account, await compartments.held_by(tx, account.id))
            if may(takes, Permission.IMPORT):
                await sheet_drafts.hand_on(tx, staff_id, account.id, self._desk.now)
                return
        for import_id in await sheet_drafts.delete_of(tx, staff_id):
            run = await imports.get(tx, import_id)
            rows = run.done if run else 0
            await self._desk.record(
                tx, actor, "import.stopped", f"import:{import_id}", code="left", rows=rows
            )

    async def _plan(self, tx: Tx, row: StaffRow) -> Leaving:
        desk = self._desk
        label = Actor(kind=ActorKind.STAFF, id=row.id).label
        holds = tuple(sorted(await compartments.held_by(tx, row.id)))
        holders = await compartments.holders(tx)
        work = await leaving.work_of(tx, row.id, desk.today)
        devices = len(await live(tx, row.id, desk.now))
        drafts = await leaving.drafts_of(tx, row.id)
        invites = await leaving.unused_invites(tx, label, desk.now)
        own, others = await leaving.unopened(tx, row.id, label, desk.now)
        made = MadeLinks(own_pages=own, others=len(others))
        return Leaving(
            staff_id=row.id,
            handle=row.handle,
            gone=row.state != "active"
            and not (holds or work.any or devices or drafts or invites or made.any),
            devices=devices,
            holds=holds,
            last_of=tuple(name for name in holds if list(holders.get(name, ())) == [row.id]),
            reports=await incidents.only_for(tx, row.id) if row.state == "active" else 0,
            reads_safety=reads_safety(row.roles, holds),
            drafts=drafts,
            invites=invites,
            links=made,
            ended=await leaving.ended_links(tx, row.id),
            relink=tuple(await leaving.to_link_again(tx, row.id)),
            relink_others=tuple(await leaving.others_to_link_again(tx, row.id)),
            work=work,
            rekeying=await self._rekeying.waiting(tx),
            others=tuple(
                (StaffId(each.id), each.handle)
                for each in await staff.all_of(tx)
                if each.state == "active" and each.id != row.id
            ),
        )


async def _account(tx: Tx, staff_id: str) -> StaffRow:
    row = await staff.get(tx, staff_id)
    if row is None:
        raise NotFound("no_such_account", N_("There is no such account."))
    return row


async def _refuse(tx: Tx, actor: Actor, row: StaffRow, plan: Leaving, anyway: bool) -> None:
    if actor.id == row.id:
        raise Conflict("yourself", N_("You cannot do this to yourself. Ask another admin."))
    if plan.last_of:
        raise Conflict(
            "last_holder",
            N_("Nobody else could then read the group's records. Let somebody hold them too."),
            compartment=plan.last_of[0],
        )
    if plan.reports and not anyway:
        raise Conflict(
            "last_reader",
            N_(
                "Nobody else could then read some reports about safety. First let somebody else read them, on the "
                "page “When something went wrong”."
            ),
        )
    active = [each for each in await staff.all_of(tx) if each.state == "active" and each.id != row.id]
    if Role.ADMIN in row.roles and not any(Role.ADMIN in each.roles for each in active):
        raise Conflict(
            "last_admin", N_("Nobody else could then look after this site. Make another admin first.")
        )
