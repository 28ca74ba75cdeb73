"""Somebody who works here leaves: all of it by one button, again without harm, and whole after any crash."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from node.domain.accounts.leaving import LinkTo, Relink
from node.domain.actors import Actor, Role
from node.domain.board.shifts import Shift
from node.domain.consents import Consents
from node.domain.dispatch.follow_up import ContactKind
from node.domain.ids import NeedId
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import PartOfDay
from node.domain.people.newcomer import NewVolunteer
from node.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from node.services.accounts.rekeying import AT_ONCE
from node.store import boxes, compartments, shifts, staff
from node.store.db import Database
from node.vault import Compartment
from node.vault.keys import KeyPair, WrongKey, unseal
from tests.harness.neighbourhood import PASSWORD, Member, Neighbourhood

HELD = (Compartment.PEOPLE, Compartment.VETTING)
PHONE = "07700 900771"


class Crash(BaseException):
    """The power goes."""


async def need(member: Member, by: Actor, number: int = 0) -> NeedId:
    call = NewNeed(
        person=NewPerson(name="Somebody Invented", phone=PHONE if not number else f"07700 9008{number:02d}"),
        categories=("groceries",),
        notes="zqnotes",
        consents=Consents(help_you=True, keep_details=True),
        start="open",
    )
    return (await member.services.intake.take(by, call)).need_id


async def with_work(member: Member) -> tuple[str, Actor, str, NeedId]:
    """Lea, with a request, a half-typed call, a promise, a shift, an invitation; (id, actor, cookie, request)."""
    desk, kim = member.services, member.staff
    lea_id = str(await desk.team.add_staff(kim, "lea", PASSWORD, [Role.ADMIN, Role.COORDINATOR], HELD))
    signed = await desk.access.sign_in("lea", PASSWORD)
    lea = signed.actor
    found = await need(member, lea)
    await need(member, kim, 1)
    await desk.follow_up.log(lea, found, ContactKind.NO_ANSWER, "try again")
    await desk.drafts.keep(lea, desk.drafts.new_id(), [("name", "half typed")])
    await desk.joining.invite(lea)
    async with member.node.network.on.db.write() as tx:
        day = member.services.zone.day(int(member.clock.now().timestamp()))
        await shifts.add(tx, [Shift(day=day, part=PartOfDay.MORNING, staff_id=lea.id or "")])
    return lea_id, lea, signed.cookie, found


def rows(member: Member, sql: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{member.folder / 'group.db'}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


def privates(member: Member) -> dict[Compartment, KeyPair]:
    vault = member.node.network.on.vault
    return {each: vault.next_pair(each)[1][-1] for each in HELD}


def under(member: Member, old: dict[Compartment, KeyPair]) -> list[str]:
    """Columns of which a box still opens with a key of before."""
    found = []
    for table, column in boxes.columns_of_boxes():
        ids = "seq" if table == "audit" else "rowid"
        for (blob,) in rows(
            member, f"SELECT {column} FROM {table} WHERE length({column}) > 81 ORDER BY {ids}"
        ):
            for pair in old.values():
                try:
                    unseal(pair, blob[1:81])
                except WrongKey:
                    continue
                found.append(f"{table}.{column}")
    return found


async def test_one_button_settles_everything(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        desk, kim = north.services, north.staff
        lea_id, _, cookie, found = await with_work(north)
        old = privates(north)
        assert under(north, old), "or this proves nothing"

        plan = await desk.off_boarding.plan(kim, lea_id)
        assert (plan.devices, plan.drafts, plan.invites, plan.holds) == (1, 1, 1, ("people", "vetting"))
        assert [id for id, _ in plan.work.needs] == [found]
        assert (plan.work.shifts, plan.gone, plan.rekeying) == (1, False, ())
        for wrong in ("nobody", lea_id):
            with pytest.raises(Invalid):
                await desk.off_boarding.go(kim, lea_id, to=wrong)
        assert await desk.off_boarding.plan(kim, lea_id) == plan, "looking and failing changed nothing"

        after = await desk.off_boarding.go(kim, lea_id, to=str(kim.id))
        assert after.gone
        assert (after.rekeying, after.work.any) == ((), False)
        assert await desk.access.actor_for(cookie) is None
        with pytest.raises(NotAllowed):
            await desk.access.sign_in("lea", PASSWORD)
        view = await desk.board.need(kim, found)
        assert view.need.by_staff == kim.id
        assert rows(north, "SELECT staff_id FROM rota") == [(kim.id,)]
        assert rows(north, "SELECT COUNT(*) FROM drafts") == [(0,)]
        assert rows(north, "SELECT COUNT(*) FROM invites") == [(0,)]

        assert under(north, old) == [], "with what Lea knew nothing opens any more"
        assert [hit.name for hit in await desk.directory.find(kim, "0900771")] == ["Somebody Invented"]
        known = await desk.intake.find_known(kim, PHONE)
        assert [card.name for card in known] == ["Somebody Invented"], "a known caller is still known"
        async with north.node.network.on.db.read() as tx:
            assert set(await compartments.held_by(tx, lea_id)) == set()

        before = (
            rows(north, "SELECT * FROM staff"),
            rows(north, "SELECT * FROM needs"),
            rows(north, "SELECT * FROM audit"),
        )
        assert (await desk.off_boarding.go(kim, lea_id)).gone
        again = (
            rows(north, "SELECT * FROM staff"),
            rows(north, "SELECT * FROM needs"),
            rows(north, "SELECT * FROM audit"),
        )
        assert again == before, "pressed again: nothing more"

        await north.stop()
        await north.start()
        with pytest.raises(Locked):
            await north.services.directory.find(kim, "invented")
        await north.sign_in()
        assert (
            await north.services.board.need(north.staff, found, reveal=True)
        ).person_name == "Somebody Invented"
        await north.services.rescue.open(north.staff, north.cards[:2], "kim", "a new password")
        await north.stop()
        await north.start()
        kim = (await north.services.access.sign_in("kim", "a new password")).actor
        assert (await north.services.board.need(kim, found, reveal=True)).person_name == "Somebody Invented"


async def test_whom_it_may_not_be_done_to(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        desk, kim = north.services, north.staff
        with pytest.raises(Conflict, match="yourself"):
            await desk.off_boarding.go(kim, str(kim.id))
        ada_id = await desk.team.add_staff(kim, "ada", PASSWORD, [Role.ADMIN])
        ada = (await desk.access.sign_in("ada", PASSWORD)).actor
        with pytest.raises(Conflict, match="Nobody else"):
            await desk.off_boarding.go(ada, str(kim.id))
        with pytest.raises(NotFound):
            await desk.off_boarding.plan(kim, "nobody")
        assert (await desk.off_boarding.go(kim, str(ada_id))).gone
        async with north.node.network.on.db.read() as tx:
            assert (await staff.get(tx, str(kim.id))).state == "active"  # type: ignore[union-attr]


async def test_after_a_crash_at_any_write_the_rest_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.services.accounts.rekeying.AT_ONCE", 1)
    assert AT_ONCE > 1
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        lea_id, _, cookie, found = await with_work(north)
        old, real, left = privates(north), Database.write, [0]

        @asynccontextmanager
        async def crashing(self: Database) -> AsyncIterator[Any]:
            async with real(self) as tx:
                yield tx
                left[0] -= 1
                if left[0] == 0:
                    raise Crash

        crashes, gone = 0, False
        while not gone:
            monkeypatch.setattr(Database, "write", crashing)
            left[0] = 1 if crashes == 0 else 3
            try:
                gone = (
                    await north.services.off_boarding.go(north.staff, lea_id, to=str(north.staff.id))
                ).gone
                gone = gone and not rows(north, "SELECT * FROM former_keys WHERE done_at IS NULL")
            except Crash:
                crashes += 1
            monkeypatch.setattr(Database, "write", real)
            await north.stop()
            await north.start()
            await north.sign_in()
            shown = await north.services.board.need(north.staff, found, reveal=True)
            assert shown.person_name == "Somebody Invented", "at no moment is anything unreadable"
            assert await north.services.access.actor_for(cookie) is None or crashes == 1
        assert crashes > 5
        assert under(north, old) == []
        assert rows(north, "SELECT COUNT(*) FROM audit WHERE action = 'staff.left'") == [(1,)]


async def test_what_is_closed_gets_its_key_at_the_next_sign_in(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        lea_id, _, _, found = await with_work(north)
        old = privates(north)
        north.node.network.on.vault.lock()
        after = await north.services.off_boarding.go(north.staff, lea_id)
        assert after.rekeying == ("people", "vetting")
        await north.sign_in()
        await north.services.rekeying.settle()
        assert (await north.services.off_boarding.plan(north.staff, lea_id)).rekeying == ()
        assert under(north, old) == []
        assert (await north.services.board.need(north.staff, found)).need.by_staff is None


async def test_links_that_the_leaver_made_and_nobody_opened_end(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        desk, kim = north.services, north.staff
        lea_id, lea, _, found = await with_work(north)
        sam, tam = [
            await desk.people.add_volunteer(
                kim,
                NewVolunteer(
                    person=NewPerson(name=f"{name} Invented", phone=phone), abilities=("groceries",)
                ),
            )
            for name, phone in (("Sam", "07700 900555"), ("Tam", "07700 900556"))
        ]
        hers, ours = await desk.own_door.make_link(lea, sam), await desk.own_door.make_link(kim, tam)
        task = await desk.dispatch.assign(kim, found, sam)
        link = await desk.dispatch.task_link(lea, task)
        opened_need = await need(north, kim, 5)
        opened = await desk.dispatch.task_link(lea, await desk.dispatch.assign(kim, opened_need, tam))
        await desk.tasks.confirm(opened, "a-telephone")
        day = north.services.zone.day(int(north.clock.now().timestamp()))
        van = await desk.runs.plan(kim, day=day, driver=tam, needs=[await need(north, kim, 7)])
        await desk.runs.link(lea, van.run_id)
        kims_need = await need(north, kim, 6)
        kims = await desk.dispatch.assign(kim, kims_need, tam)
        await desk.dispatch.task_link(lea, kims)
        by_kim = await desk.dispatch.task_link(kim, kims)

        plan = await desk.off_boarding.plan(kim, lea_id)
        assert (plan.links.own_pages, plan.links.others, plan.relink) == (1, 2, ())
        after = await desk.off_boarding.go(kim, lea_id)
        assert after.gone, "back to everybody, with a helper confirmed: that is settled"
        assert after.relink_others == (Relink(LinkTo.RUN, van.run_id),)
        assert (after.links.any, after.ended) == (False, plan.links)
        assert [id for id, _ in after.relink] == [found]
        with pytest.raises(NotFound):
            await desk.own_door.sign_in(hers, "firefox")
        with pytest.raises(NotFound):
            await desk.tasks.confirm(link, "a-telephone")
        assert (await desk.tasks.task_by_token(opened, "a-telephone")).details is not None
        assert (await desk.tasks.confirm(by_kim, "a-telephone")).details is not None
        await desk.own_door.sign_in(ours, "firefox")
        assert (await desk.off_boarding.go(kim, lea_id)).ended == plan.links, "pressed again: nothing more"

        again = await desk.dispatch.task_link(kim, task)
        assert (await desk.tasks.confirm(again, "a-telephone")).details is not None
        await desk.runs.link(kim, van.run_id)
        settled = await desk.off_boarding.plan(kim, lea_id)
        assert (settled.relink, settled.relink_others) == ((), ())
