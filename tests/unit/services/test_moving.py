"""A group's whole data moves to an empty node with other keys: nothing is lost, and nothing comes by half."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from node.domain.actors import CONSOLE, Actor, ActorKind, Role
from node.domain.board.shifts import Shift
from node.domain.catalogue import catalogue
from node.domain.ids import StaffId
from node.domain.need import PartOfDay
from node.domain.safety.incidents import Report
from node.errors import Conflict, Invalid, Locked, MutualAidError, NotAllowed
from node.services.accounts.passwords import Passwords
from node.services.desk import Desk
from node.services.safety.incidents import Incidents
from node.services.sheets.bringing_in import BringingIn
from node.services.sheets.exporting import Export
from node.services.sheets.moving_incidents import TABLES
from node.store import audit, compartments, incidents, portable, settings, shifts, staff
from node.vault import Compartment
from node.vault.keys import QUICK, KeyPair
from tests.harness.filled import ROWS, fill, held
from tests.harness.holding import let_hold
from tests.harness.house import PASSWORD, House, house, seeded

PASSPHRASE = "eight small words"


class Node:
    """One group's house with a door for movers."""

    def __init__(self, at: House, actor: Actor, seed: str) -> None:
        self.at = at
        self.actor = actor
        self.file = at.folder / "group.db"
        self.desk = Desk(
            db=at.db,
            vault=at.vault,
            clock=at.clock,
            random=seeded(seed),
            catalogue=catalogue(),
            partitions={},
        )
        self.export = Export(self.desk, Passwords(QUICK))
        self.bringing_in = BringingIn(self.desk)

    async def rows(self) -> int:
        async with self.at.db.read() as tx:
            return sum([await portable.count_real(tx, name) for name in portable.MOVING])


@asynccontextmanager
async def node(folder: Path, name: str) -> AsyncIterator[Node]:
    async with house(folder / name, seed=name) as at:
        actor = replace(await at.first(), roles=frozenset(Role))
        await at.team.begin_safeguarding(actor)
        yield Node(at, actor, name)


async def test_every_row_of_every_table_comes_back(tmp_path: Path) -> None:
    async with node(tmp_path, "old") as old, node(tmp_path, "new") as new:
        fill(old.file, old.at.vault)
        file = tmp_path / "all.export"
        done = await old.export.run(old.actor, file, PASSPHRASE)
        apart = {"settings", *TABLES}
        assert all(done.rows[name] >= ROWS for name in portable.MOVING if name not in apart)
        brought = await new.bringing_in.run(new.actor, file, PASSPHRASE)
        assert brought.rows == done.rows
        unions = {"settings", "past_staff", "past_audit", "past_row_keys"}
        for table in set(portable.MOVING) - unions - TABLES:
            left = frozenset(portable.MOVING[table].anew)
            before = held(old.file, table, old.at.vault, left=left)
            assert len(before) == ROWS, table
            assert held(new.file, table, new.at.vault, left=left) == before, table


async def test_the_record_and_the_names_in_it_come_too(tmp_path: Path) -> None:
    async with node(tmp_path, "old") as old, node(tmp_path, "new") as new:
        fill(old.file, old.at.vault)
        async with old.at.db.write() as tx:
            await old.desk.record(tx, old.actor, "need.closed", "need:one", why="she rang")
        before = held(old.file, "past_audit", old.at.vault)
        await old.export.run(old.actor, tmp_path / "f", PASSPHRASE)
        async with old.at.db.read() as tx:
            origin = await settings.get(tx, settings.ORIGIN)
            chain = await audit.latest(tx, 10_000)
        await new.bringing_in.run(new.actor, tmp_path / "f", PASSPHRASE)
        after = held(new.file, "past_audit", new.at.vault)
        assert [row for row in after if row["origin"] != origin] == before
        ours = {row["seq"]: row["hash"] for row in after if row["origin"] == origin}
        # The last line, that the export is made, is written when the file is.
        assert ours == {entry.seq: entry.hash for entry in chain if entry.action != "export.made"}
        async with new.at.db.read() as tx:
            (told,) = await new.desk.history(tx, "need:one")
        assert (told.actor, told.action, told.why) == ("Mina", "need.closed", "she rang")
        assert {"id": old.actor.id, "handle": "Mina"} in held(new.file, "past_staff", new.at.vault)
        keys = [
            row["sealed"].get("key") for row in held(new.file, "past_row_keys", new.at.vault) if row["sealed"]
        ]
        assert {key.hex() for key in old.at.vault.row_keys()} <= set(keys)


async def test_what_the_group_decided_comes_and_the_machine_s_own_stays(tmp_path: Path) -> None:
    async with node(tmp_path, "old") as old, node(tmp_path, "new") as new:
        async with old.at.db.write() as tx:
            await settings.put(tx, settings.GROUP_NAME, "Windmill Hill")
            await settings.put(tx, settings.DETAILS_DAYS, 9)
            await settings.put(tx, settings.PUBLIC_URL, "https://old.example")
        async with new.at.db.read() as tx:
            origin = await settings.get(tx, settings.ORIGIN)
        await old.export.run(old.actor, tmp_path / "f", PASSPHRASE)
        await new.bringing_in.run(new.actor, tmp_path / "f", PASSPHRASE)
        async with new.at.db.read() as tx:
            assert await settings.get(tx, settings.GROUP_NAME) == "Windmill Hill"
            assert await settings.get(tx, settings.DETAILS_DAYS) == 9
            assert await settings.get(tx, settings.PUBLIC_URL) == "http://127.0.0.1:8080"
            assert await settings.get(tx, settings.ORIGIN) == origin


async def test_the_same_file_again_changes_nothing_and_another_one_is_refused(tmp_path: Path) -> None:
    async with node(tmp_path, "old") as old, node(tmp_path, "new") as new:
        fill(old.file, old.at.vault)
        await old.export.run(old.actor, tmp_path / "one", PASSPHRASE)
        await old.export.run(old.actor, tmp_path / "two", PASSPHRASE)
        await new.bringing_in.run(new.actor, tmp_path / "one", PASSPHRASE)
        rows = await new.rows()
        assert (await new.bringing_in.run(new.actor, tmp_path / "one", PASSPHRASE)).already
        with pytest.raises(Conflict) as refused:
            await new.bringing_in.run(new.actor, tmp_path / "two", PASSPHRASE)
        assert refused.value.code == "not_empty"
        assert await new.rows() == rows


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: data[:-40], "export_damaged"),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "export_damaged"),
        (lambda data: b"name,phone\n", "no_export"),
        (lambda data: data[:300] + bytes([data[300] ^ 1]) + data[301:], "wrong_passphrase"),
    ],
)
async def test_a_spoilt_file_is_refused_and_nothing_comes(tmp_path: Path, spoil, code: str) -> None:
    async with node(tmp_path, "old") as old, node(tmp_path, "new") as new:
        fill(old.file, old.at.vault)
        async with old.at.db.write() as tx:
            for number in range(400):
                await old.desk.record(tx, old.actor, "filler", f"need:{number}", text="x" * 300)
        file = tmp_path / "f"
        await old.export.run(old.actor, file, PASSPHRASE)
        file.write_bytes(spoil(file.read_bytes()))
        with pytest.raises(Invalid) as refused:
            await new.bringing_in.run(new.actor, file, PASSPHRASE)
        assert refused.value.code == code
        assert await new.rows() == 0


async def test_a_wrong_passphrase_and_a_short_one(tmp_path: Path) -> None:
    async with node(tmp_path, "old") as old:
        with pytest.raises(Invalid) as short:
            await old.export.run(old.actor, tmp_path / "f", "seven77")
        assert short.value.code == "passphrase_short"
        await old.export.run(old.actor, tmp_path / "f", PASSPHRASE)
        with pytest.raises(Conflict):
            await old.export.run(old.actor, tmp_path / "f", PASSPHRASE)
        with pytest.raises(Invalid) as wrong:
            await old.bringing_in.run(old.actor, tmp_path / "f", "other words here")
        assert wrong.value.code == "wrong_passphrase"


async def test_half_way_through_a_failure_leaves_the_node_empty(tmp_path: Path, monkeypatch) -> None:
    async with node(tmp_path, "old") as old, node(tmp_path, "new") as new:
        fill(old.file, old.at.vault)
        await old.export.run(old.actor, tmp_path / "f", PASSPHRASE)
        put, done = portable.put, 0

        async def fails(*given):
            nonlocal done
            done += 1
            if done > 60:
                raise MutualAidError("power", "gone")
            await put(*given)

        monkeypatch.setattr(portable, "put", fails)
        with pytest.raises(MutualAidError):
            await new.bringing_in.run(new.actor, tmp_path / "f", PASSPHRASE)
        assert done > 60
        assert await new.rows() == 0
        monkeypatch.undo()
        assert not (await new.bringing_in.run(new.actor, tmp_path / "f", PASSPHRASE)).already


async def test_an_export_is_a_look_at_everybody_and_only_for_who_may(tmp_path: Path) -> None:
    async with node(tmp_path, "old") as old:
        fill(old.file, old.at.vault)
        admin = Actor(kind=old.actor.kind, id=old.actor.id, name="Mina", roles=frozenset({Role.ADMIN}))
        for actor in (admin, CONSOLE):
            with pytest.raises(NotAllowed):
                await old.export.run(actor, tmp_path / "f", PASSPHRASE)
        await old.export.run(old.actor, tmp_path / "f", PASSPHRASE)
        async with old.at.db.read() as tx:
            made, looked = (await audit.latest(tx, 2))[:2]
        assert (looked.action, made.action) == ("look.everybody", "export.made")
        assert looked.actor == old.actor.label
        async with old.at.db.write() as tx:
            await compartments.take_away(tx, old.actor.id or "", Compartment.VETTING)
        with pytest.raises(NotAllowed) as refused:
            await old.export.run(old.actor, tmp_path / "g", PASSPHRASE)
        assert refused.value.code == "not_all_compartments"
        old.at.vault.lock()
        with pytest.raises((Locked, NotAllowed)):
            await old.export.run(old.actor, tmp_path / "g", PASSPHRASE)
        assert {each.name for each in tmp_path.iterdir()} == {"old", "f"}


async def test_nobody_can_be_read_out_of_the_file(tmp_path: Path) -> None:
    async with node(tmp_path, "old") as old:
        fill(old.file, old.at.vault)
        await old.export.run(old.actor, tmp_path / "f", PASSPHRASE)
        data = (tmp_path / "f").read_bytes()
        assert b"of row 0" not in data
        assert b"persons" not in data
        assert (tmp_path / "f").stat().st_mode & 0o077 == 0


# --- what is sealed for few


async def officer(node: Node, name: str) -> tuple[Actor, KeyPair]:
    """One more account there, who looks after safety."""
    pair, staff_id = KeyPair.new(), StaffId(name.ljust(22, "x"))
    async with node.at.db.write() as tx:
        row = staff.StaffRow(
            id=staff_id,
            handle=name,
            roles=frozenset({Role.SAFETY}),
            state="active",
            public_key=pair.public,
            wrapped_key=b"w",
            kdf="{}",
            created_at=0,
        )
        assert await staff.insert(tx, row)
    return Actor(kind=ActorKind.STAFF, id=staff_id, name=name, roles=row.roles), pair


async def own_key(node: Node) -> KeyPair:
    key = await node.at.access.own_key((await node.at.access.sign_in("Mina", PASSWORD)).cookie)
    assert key is not None
    return key


@pytest.mark.parametrize("begun_there", [True, False])
async def test_incidents_come_as_far_as_the_mover_reads_them(tmp_path: Path, begun_there: bool) -> None:
    async with node(tmp_path, "old") as old, house(tmp_path / "new", seed="new") as at:
        new = Node(at, replace(await at.first(), roles=frozenset(Role)), "new")
        if begun_there:
            await at.team.begin_safeguarding(new.actor)
        told = Incidents(old.desk)
        second, second_key = await officer(old, "Second")
        for text, about in (("zqeverybody", None), ("zqsecond", second.id), ("zqmina", old.actor.id)):
            report = Report(kind="other", text=text, day=None, staff=about)
            incident = await told.tell(second if about is None else old.actor, report)
        # The last one is about Mina, who holds the safety notes: it is for the other officer.
        await told.note(second, second_key, incident, "zqnote")
        done = await old.export.run(old.actor, tmp_path / "f", PASSPHRASE, await own_key(old))
        assert (done.rows["incidents"], done.rows["incident_parts"]) == (2, 2)
        assert done.incidents_left is None, "a holder is told no number: it is about that one"
        assert not {*TABLES} & set(done.left)
        await new.bringing_in.run(new.actor, tmp_path / "f", PASSPHRASE)
        there, key = Incidents(new.desk), await own_key(new)
        shelf = await there.shelf(new.actor, key)
        assert {row.report.text for row in shelf.rows} == {"zqeverybody", "zqsecond"}
        async with new.at.db.read() as tx:
            assert await incidents.only_for(tx, new.actor.id or "") == (0 if begun_there else 2)
        by_text = {row.report.text: row for row in shelf.rows}
        assert by_text["zqsecond"].report.readers == (new.actor.id,)
        assert (by_text["zqeverybody"].report.readers is None) == begun_there
        other, other_key = await officer(new, "Second")
        if begun_there:
            async with new.at.db.write() as tx:
                await let_hold(tx, Compartment.SAFEGUARDING, other.id or "")
        seen = {row.report.text for row in (await there.shelf(other, other_key)).rows}
        assert seen == ({"zqeverybody"} if begun_there else set()), (
            "she it is about still reads nothing of it"
        )


async def test_who_holds_no_safety_notes_is_told_how_many_stay(tmp_path: Path) -> None:
    async with house(tmp_path / "old", seed="old") as at:
        old = Node(at, await at.first(), "old")
        await officer(old, "Second")
        for text in ("zqone", "zqtwo"):
            await Incidents(old.desk).tell(old.actor, Report(kind="other", text=text, day=None))
        assert await old.export.incidents_left(old.actor, await own_key(old)) == 2
        done = await old.export.run(old.actor, tmp_path / "f", PASSPHRASE)
        assert (done.rows["incidents"], done.incidents_left) == (0, 2)


async def test_the_rota_comes_by_names(tmp_path: Path) -> None:
    async with node(tmp_path, "old") as old, node(tmp_path, "new") as new:
        second, _ = await officer(old, "Second")
        day = old.desk.today
        async with old.at.db.write() as tx:
            for each in (old.actor.id, second.id):
                await shifts.add(tx, [Shift(day=day, part=PartOfDay.MORNING, staff_id=StaffId(each or ""))])
        await old.export.run(old.actor, tmp_path / "f", PASSPHRASE)
        await new.bringing_in.run(new.actor, tmp_path / "f", PASSPHRASE)

        async def on() -> list[str]:
            async with new.at.db.read() as tx:
                return [shift.staff_id for shift in await shifts.between(tx, day, day)]

        assert await on() == [new.actor.id]
        there, _ = await officer(new, "second")
        assert set(await on()) == {new.actor.id, there.id}
