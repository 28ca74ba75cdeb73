"""Incidents: sealed for few, and one about a colleague is, for that colleague, not there."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.actors import Actor
from node.domain.board.exchange_views import GroupName
from node.domain.safety.incidents import Report, Source, Teller, is_about
from node.errors import Conflict, Invalid, NotFound
from node.services.accounts.leaving import OffBoarding
from node.services.accounts.rekeying import Rekeying
from node.services.rights.erasing import erase_again
from node.services.rights.retention import Retention
from node.services.safety.old_reports import OldReports
from node.store import audit, erasures, incidents, merges, persons, staff
from node.store.db import Database
from node.vault import Compartment
from node.vault.keys import KeyPair
from tests.harness.holding import let_hold
from tests.harness.office import Office, on_disk, open_office

TEXT = "Canary-words about what happened at the door"


class Desk:
    """The office, with a key of her own for everybody in it, as accounts have."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.keys = {
            actor.id or "": KeyPair.new()
            for actor in (office.ana, office.ben, office.triage, office.safety, office.admin)
        }

    def key(self, actor: Actor) -> KeyPair:
        return self.keys[actor.id or ""]

    async def hold(self, actor: Actor) -> None:
        async with self.office.db.write() as tx:
            await let_hold(tx, Compartment.SAFEGUARDING, actor.id or "")

    async def unsettled(self, actor: Actor) -> tuple[int, int]:
        """How many stand on every page of that one, and how many of them nobody has opened."""
        asked = []

        async def key() -> KeyPair:
            asked.append(actor)
            return self.key(actor)

        found = await self.office.incidents.unsettled(actor, key)
        async with self.office.db.read() as tx:
            assert bool(asked) == bool(await incidents.unsettled(tx)), "her key only where there is something"
        return found.many, found.unread

    async def seen(self, actor: Actor) -> list[str]:
        shelf = await self.office.incidents.shelf(actor, self.key(actor))
        return [row.report.text for row in shelf.rows]


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_office(tmp_path) as office:
        desk = Desk(office)
        async with office.db.write() as tx:
            for staff_id, pair in desk.keys.items():
                await staff.set_key(tx, staff_id, public_key=pair.public, wrapped_key=b"w", kdf="{}")
        yield desk


def _report(**changes: object) -> Report:
    usual: dict[str, object] = {"kind": "hurt", "text": TEXT, "day": None}
    return Report(**(usual | changes))  # type: ignore[arg-type]


async def test_anybody_tells_and_only_holders_read(desk: Desk) -> None:
    office = desk.office
    await desk.hold(office.safety)
    incident = await office.incidents.tell(office.triage, _report())
    assert await desk.seen(office.safety) == [TEXT]
    for actor in (office.triage, office.ana, office.admin):
        assert await desk.seen(actor) == []
        with pytest.raises(NotFound):
            await office.incidents.look(actor, desk.key(actor), incident)
    office.vault.lock(Compartment.SAFEGUARDING)
    assert await desk.seen(office.safety) == []
    assert TEXT.encode() not in on_disk(office)


async def test_one_about_a_colleague_is_not_there_for_her(desk: Desk) -> None:
    office = desk.office
    await desk.hold(office.safety)
    await desk.hold(office.ben)
    incident = await office.incidents.tell(office.ana, _report(staff=office.safety.id))
    assert await desk.seen(office.ben) == [TEXT]
    assert await desk.seen(office.safety) == []
    key, ours = desk.key(office.safety), office.incidents
    refused = []
    for what in (incident, "no-such-incident"):
        for verb in (
            ours.look(office.safety, key, what),
            ours.note(office.safety, key, what, "nothing to see"),
            ours.about(office.safety, key, what),
        ):
            with pytest.raises(NotFound) as error:
                await verb
            refused.append((error.value.code, error.value.message))
    # Not there, in the very words of one that does not exist.
    assert len(set(refused)) == 1
    # Nor in the record of what everybody did.
    async with office.db.read() as tx:
        assert all("incident" not in entry.action for entry in await audit.latest(tx))
    # Nor with the files and her own keys in hand: what the compartment opens, and what she does.
    async with office.db.read() as tx:
        for row_id, sealed in await incidents.parts(tx, incident):
            assert office.vault.try_open(Compartment.SAFEGUARDING, "incident_parts", row_id, sealed) is None
    # Whoever may read it adds to it, for the same readers.
    await ours.note(office.ben, desk.key(office.ben), incident, "spoke to both", close=True)
    held = await ours.look(office.ben, desk.key(office.ben), incident)
    assert ([part.text for part in held.parts], held.open) == ([TEXT, "spoke to both"], False)
    assert held.readers == (office.ben.name,)
    assert await desk.seen(office.safety) == []
    # While one about somebody else is there for both.
    await ours.tell(office.ana, _report(text="another"))
    assert await desk.seen(office.safety) == ["another"]
    assert set(await desk.seen(office.ben)) == {TEXT, "another"}


@pytest.mark.parametrize("about", ["safety", "admin", "ana"])
async def test_before_there_are_closed_records_it_goes_to_named_people(desk: Desk, about: str) -> None:
    office = desk.office
    them: Actor = getattr(office, about)
    teller = office.triage
    await office.incidents.tell(teller, _report(staff=them.id))
    reader = office.admin if about == "safety" else office.safety
    assert await desk.seen(reader) == [TEXT]
    for actor in (office.ana, office.ben, office.triage, office.safety, office.admin):
        if actor is not reader:
            assert await desk.seen(actor) == []


async def test_where_nobody_else_could_read_it_nothing_is_kept(desk: Desk) -> None:
    office = desk.office
    async with office.db.write() as tx:
        for actor in (office.safety,):
            await staff.set_state(tx, actor.id or "", "suspended")
    with pytest.raises(Conflict) as refused:
        await office.incidents.tell(office.ana, _report(staff=office.admin.id))
    assert refused.value.code == "nobody_to_read"
    async with office.db.read() as tx:
        assert await incidents.all_of_them(tx) == []


async def test_what_does_not_fit_is_said(desk: Desk) -> None:
    office = desk.office
    with pytest.raises(Invalid) as refused:
        await office.incidents.tell(office.ana, _report(kind="gossip", text=" "))
    assert set(refused.value.fields) == {"kind", "text"}
    with pytest.raises(Invalid):
        await office.incidents.tell(office.ana, _report(staff="nobody-here"))


async def test_after_a_new_password_another_reader_gives_it_again(desk: Desk) -> None:
    """About a colleague it is sealed to her own key, which a reset replaces; nobody becomes a reader by it."""
    office = desk.office
    for holder in (office.safety, office.ben, office.ana):
        await desk.hold(holder)
    incident = await office.incidents.tell(office.triage, _report(staff=office.ana.id))
    await office.incidents.note(office.ben, desk.key(office.ben), incident, "spoke to both")
    assert await desk.seen(office.safety) == [TEXT]
    desk.keys[office.safety.id or ""] = new = KeyPair.new()
    async with office.db.write() as tx:
        await staff.set_key(tx, office.safety.id or "", public_key=new.public, wrapped_key=b"w", kdf="{}")
    assert await desk.seen(office.safety) == [], "sealed to the key that is gone"
    for outsider in (office.ana, office.safety, office.triage):
        with pytest.raises(NotFound):
            await office.incidents.give_again(outsider, desk.key(outsider), incident)
    for _ in range(2):
        assert await office.incidents.give_again(office.ben, desk.key(office.ben), incident) == 1
        held = await office.incidents.look(office.safety, new, incident)
        assert [part.text for part in held.parts] == [TEXT, "spoke to both"], "everything, and once"
    assert await desk.seen(office.ana) == []
    shared = await office.incidents.tell(office.triage, _report(text="another"))
    assert await office.incidents.give_again(office.ben, desk.key(office.ben), shared) == 0


async def test_whoever_can_read_is_told_on_every_page_until_it_is_settled(desk: Desk) -> None:
    office = desk.office
    ours, everybody = office.incidents, (office.ana, office.ben, office.safety, office.admin)
    assert [await desk.unsettled(each) for each in everybody] == [(0, 0)] * 4
    first = await ours.told_by_link("he took my key", Source(teller=Teller.ASKER, person=None))
    assert [await desk.unsettled(each) for each in everybody] == [(0, 0), (0, 0), (1, 1), (0, 0)]
    await desk.hold(office.safety)
    await desk.hold(office.ben)
    second = await ours.tell(office.ana, _report(staff=office.safety.id))
    third = await ours.tell(office.ana, _report(text="another"))
    # One about her is not in her number, and one of before there were closed records not in his.
    assert [await desk.unsettled(each) for each in everybody] == [(0, 0), (2, 2), (2, 2), (0, 0)]
    await ours.look(office.ben, desk.key(office.ben), third)
    assert [await desk.unsettled(each) for each in everybody] == [(0, 0), (2, 1), (2, 1), (0, 0)]
    office.vault.lock(Compartment.SAFEGUARDING)
    assert [await desk.unsettled(each) for each in everybody] == [(0, 0), (1, 1), (1, 1), (0, 0)]
    await office.unlock()
    for reader, incident in ((office.ben, second), (office.ben, third), (office.safety, first)):
        await ours.note(reader, desk.key(reader), incident, "settled", close=True)
    assert [await desk.unsettled(each) for each in everybody] == [(0, 0)] * 4
    await ours.note(office.ben, desk.key(office.ben), second, "not quite", close=False)
    assert [await desk.unsettled(each) for each in everybody] == [(0, 0), (1, 1), (0, 0), (0, 0)]


async def test_what_is_over_is_removed_by_a_reader_after_a_year_and_not_while_somebody_is_held(
    desk: Desk, tmp_path: Path
) -> None:
    office = desk.office
    old, kim = OldReports(office.desk, office.incidents), office.safety
    await desk.hold(kim)
    await desk.hold(office.ben)
    asker = (await office.call()).person_id
    report = await office.incidents.told_by_link("he took my key", Source(teller=Teller.ASKER, person=asker))
    key = desk.key(kim)

    async def refused(code: str) -> None:
        with pytest.raises(Conflict) as why:
            await old.remove(kim, key, report)
        assert why.value.code == code

    await refused("still_open")
    await office.incidents.note(kim, key, report, "settled", close=True)
    office.clock.advance(days=200)
    await office.incidents.note(office.ben, desk.key(office.ben), report, "she rang again")
    office.clock.advance(days=200)
    await refused("too_soon")
    office.clock.advance(days=165)
    with pytest.raises(NotFound):
        await old.remove(office.ana, desk.key(office.ana), report)
    keeping = Retention(office.desk, office.people)
    hold = await keeping.hold(kim, asker, office.desk.today + timedelta(days=30), "a made-up court")
    await refused("held")
    await keeping.end_hold(kim, hold)
    old_copy = tmp_path / "old.db"
    with (
        closing(sqlite3.connect(office.folder / "group.db")) as held,
        closing(sqlite3.connect(old_copy)) as copy,
    ):
        held.backup(copy)
    await old.remove(kim, key, report)
    with pytest.raises(NotFound):
        await office.incidents.look(kim, key, report)
    async with office.db.read() as tx:
        (ledger,) = [each for each in await erasures.all_of_them(tx) if each.kind == erasures.INCIDENT]
        assert not await incidents.parts(tx, report)
    db = await Database.open(old_copy, create=False)
    try:
        assert await erase_again(replace(office.desk, db=db), [ledger]) == 1
        async with db.read() as tx:
            assert report not in dict(await incidents.all_of_them(tx))
    finally:
        await db.close()


async def test_who_came_from_a_neighbouring_group_is_that_groups_to_stop(desk: Desk) -> None:
    office, origin = desk.office, "did:key:z6MkNobodys"
    theirs, ours = await office.helper("Theirs Pretend"), await office.helper("Ours Pretend")
    async with office.db.write() as tx:
        await persons.belongs_to(tx, theirs, origin)
    source = Source(teller=Teller.ASKER, person=None, requests=(("n", "123"),))
    incident = await office.incidents.told_by_link(TEXT, source, about=(theirs, None, ours, theirs))
    held = await office.incidents.look(office.safety, desk.key(office.safety), incident)
    assert (held.parts[0].about, held.parts[0].source) == ((theirs, ours), source)
    assert held.groups == {theirs: GroupName(origin=origin, name="")}


async def test_a_reader_lets_somebody_else_read_and_nobody_whom_it_is_about(desk: Desk) -> None:
    office, ours = desk.office, desk.office.incidents
    incident = await ours.tell(office.triage, _report(staff=office.ana.id))
    safety = desk.key(office.safety)
    await ours.note(office.safety, safety, incident, "spoke to both")
    [row] = (await ours.shelf(office.safety, safety)).rows
    assert (row.alone, row.to_take) == (True, False)
    held = await ours.look(office.safety, safety, incident)
    assert held.alone
    assert {handle for _, handle in held.others} == {
        each.name for each in (office.ben, office.triage, office.admin)
    }
    for wrong in (office.ana, office.safety):
        with pytest.raises(Invalid):
            await ours.let_read(office.safety, safety, incident, wrong.id or "")
    for outsider in (office.ana, office.ben):
        with pytest.raises(NotFound):
            await ours.let_read(outsider, desk.key(outsider), incident, office.ben.id or "")
    await ours.let_read(office.safety, safety, incident, office.ben.id or "")
    await ours.note(office.ben, desk.key(office.ben), incident, "asked the neighbour", close=True)
    for reader in (office.safety, office.ben):
        held = await ours.look(reader, desk.key(reader), incident)
        assert [part.text for part in held.parts] == [TEXT, "spoke to both", "asked the neighbour"]
        assert (held.alone, set(held.readers)) == (False, {office.safety.name, office.ben.name})
    assert await desk.seen(office.ana) == []


async def test_nor_whom_it_is_about_by_the_account_of_the_machine_before(desk: Desk) -> None:
    """After a move accounts have other ids, and the same sign-in names."""
    office, safety = desk.office, desk.key(desk.office.safety)
    incident = await office.incidents.tell(office.triage, _report(staff=office.ben.id))
    part = (await office.incidents.look(office.safety, safety, incident)).parts[0]
    async with office.db.write() as tx:
        await tx.execute("INSERT INTO past_staff(id, handle) VALUES('an id of before', 'ana-made-UP')")
        handles = await office.desk.handles(tx)
    moved = replace(part, staff="an id of before")
    assert is_about(moved, office.ana.id or "", office.ana.name, handles)
    assert not is_about(moved, office.ben.id or "", office.ben.name, handles)
    assert not is_about(replace(part, staff=None), office.ben.id or "", "", handles)


async def test_what_was_told_before_goes_into_the_closed_records(desk: Desk) -> None:
    office, ours = desk.office, desk.office.incidents
    told = await ours.tell(office.triage, _report())
    await ours.tell(office.triage, _report(text="about Ana", staff=office.ana.id))
    await ours.note(office.safety, desk.key(office.safety), told, "looked into")
    assert await ours.take_in(office.safety, desk.key(office.safety)) == 0, "there are none yet"
    for holder in (office.safety, office.ana):
        await desk.hold(holder)
    assert await ours.take_in(office.ana, desk.key(office.ana)) == 0, "what she cannot read"
    assert [row.to_take for row in (await ours.shelf(office.safety, desk.key(office.safety))).rows] == [
        True,
        False,
    ]
    assert await ours.take_in(office.safety, desk.key(office.safety)) == 1
    assert await desk.seen(office.ana) == [TEXT], "and not what is about her"
    held = await ours.look(office.ana, desk.key(office.ana), told)
    assert [part.text for part in held.parts] == [TEXT, "looked into"]
    assert held.readers == (office.ana.name, office.safety.name)
    assert await ours.take_in(office.safety, desk.key(office.safety)) == 0
    async with office.db.read() as tx:
        assert len(await incidents.parts(tx, told)) == 2


async def test_taken_in_it_is_one_report_and_who_cannot_read_it_any_more_is_told(desk: Desk) -> None:
    office, ours = desk.office, desk.office.incidents
    safety, ben, ana = (desk.key(each) for each in (office.safety, office.ben, office.ana))
    told = await ours.tell(office.triage, _report())
    for each in (office.ben, office.ana):
        await ours.let_read(office.safety, safety, told, each.id or "")
    await ours.note(office.ben, ben, told, "rang her")
    for holder in (office.safety, office.ana):
        await desk.hold(holder)
    shelf = await ours.shelf(office.safety, safety)
    assert shelf.ending == {office.ben.id: office.ben.name}
    with pytest.raises(Conflict) as refused:
        await ours.take_in(office.safety, safety, ending=())
    assert refused.value.code == "others_read"
    assert await desk.seen(office.ben) == [TEXT]
    assert await ours.take_in(office.safety, safety, ending=shelf.ending) == 1
    # For holders the whole of it; for him nothing, said so on every page, and no box that his key opens.
    for reader, key in ((office.safety, safety), (office.ana, ana)):
        held = await ours.look(reader, key, told)
        assert [part.text for part in held.parts] == [TEXT, "rang her"]
    assert await desk.seen(office.ben) == []
    async with office.db.read() as tx:
        assert len(await incidents.parts(tx, told)) == 2
    for verb in (ours.look(office.ben, ben, told), ours.note(office.ben, ben, told, "and I")):
        with pytest.raises(Conflict) as ended:
            await verb
        assert ended.value.code == "copy_ended"
    shelf = await ours.shelf(office.ben, ben)
    assert [each.by for each in shelf.ended] == [office.safety.name]
    assert (await ours.unsettled(office.ben, _no_key)).ended == 1
    assert [(await ours.shelf(each, None)).ended for each in (office.safety, office.ana, office.triage)] == [
        ()
    ] * 3
    await ours.know_ended(office.ben)
    assert (await ours.unsettled(office.ben, _no_key)).ended == 0
    with pytest.raises(NotFound):
        await ours.look(office.ben, ben, told)
    # Let in by a holder he reads all of it.
    await desk.hold(office.ben)
    assert await desk.seen(office.ben) == [TEXT]


async def _no_key() -> None:
    return None


async def test_one_with_a_note_that_its_holder_lacks_is_not_taken_in(desk: Desk) -> None:
    """She was stopped for a time, and kept her key: what was noted then would be lost with the copies of others."""
    office, ours = desk.office, desk.office.incidents
    safety, ben = desk.key(office.safety), desk.key(office.ben)
    told = await ours.tell(office.triage, _report())
    await ours.let_read(office.safety, safety, told, office.ben.id or "")
    for state in ("suspended", "active"):
        async with office.db.write() as tx:
            await staff.set_state(tx, office.safety.id or "", state)
        if state == "suspended":
            await ours.note(office.ben, ben, told, "while she was away")
    await desk.hold(office.safety)
    [row] = (await ours.shelf(office.safety, safety)).rows
    assert (row.to_take, row.lacking) == (True, True)
    assert await ours.take_in(office.safety, safety, ending=[office.ben.id or ""]) == 0
    await ours.give_again(office.ben, ben, told)
    assert await ours.take_in(office.safety, safety, ending=[office.ben.id or ""]) == 1
    held = await ours.look(office.safety, safety, told)
    assert [part.text for part in held.parts] == [TEXT, "while she was away"]


async def test_the_last_who_can_read_a_report_does_not_leave_unnoticed(desk: Desk) -> None:
    office, ours = desk.office, desk.office.incidents
    leaving = OffBoarding(office.desk, Rekeying(office.db, office.vault, office.clock))
    boss = replace(office.admin, id="Another-admin-made-upA", name="Boss-made-up")
    safety = office.safety.id or ""

    async def last_of(staff_id: str) -> int:
        return (await leaving.plan(boss, staff_id)).reports

    incident = await ours.told_by_link("he took my key", Source(teller=Teller.ASKER, person=None))
    assert [await last_of(each.id or "") for each in (office.safety, office.admin, office.ana)] == [1, 0, 0]
    with pytest.raises(Conflict) as refused:
        await leaving.go(boss, safety)
    assert refused.value.code == "last_reader"
    await ours.let_read(office.safety, desk.key(office.safety), incident, office.ana.id or "")
    assert [await last_of(each.id or "") for each in (office.safety, office.ana)] == [0, 0]
    # What is in the clear for one about a colleague is what it would be for any other.
    await ours.tell(office.ana, _report(staff=safety))
    async with office.db.read() as tx:
        rows = await tx.execute_fetchall("SELECT staff_id FROM incident_readers ORDER BY rowid")
    assert {row["staff_id"] for row in rows} == {safety, office.ana.id}
    assert await last_of(safety) == 1
    # Where she will not, it is settled all the same.
    await leaving.go(boss, safety, anyway=True)
    assert await last_of(office.ana.id or "") == 1


async def test_who_is_part_of_another_record_by_now_is_named_and_stopped_by_that(desk: Desk) -> None:
    office = desk.office
    sam, twin, pat = [await office.helper(f"{name} Pretend") for name in ("Sam", "Samuel", "Pat")]
    source = Source(teller=Teller.HELPER, person=pat)
    incident = await office.incidents.told_by_link(TEXT, source, about=(sam, twin))
    async with office.db.write() as tx:
        await merges.set_merged(tx, sam, twin)
    key = desk.key(office.safety)
    assert await office.incidents.about(office.safety, key, incident) == (twin,)
    assert (await office.incidents.look(office.safety, key, incident)).parts[0].about == (twin,)
    async with office.db.write() as tx:
        await merges.set_merged(tx, twin, pat)
        await merges.set_merged(tx, sam, pat)
    assert await office.incidents.about(office.safety, key, incident) == (), "she herself told it"
