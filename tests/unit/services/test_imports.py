"""A real group's sheet comes in whole, twice, and nothing of it leaves by itself."""

import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.actors import CONSOLE, Actor
from node.domain.catalogue import Catalogue, Klass
from node.domain.consents import Purpose
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import CloseReason, NeedState
from node.errors import Invalid, Locked, NotAllowed
from node.services.desk import Desk
from node.services.intake.fingerprints import Fingerprints
from node.services.intake.intake import Intake
from node.services.intake.places import Places
from node.services.matching.roster import Roster
from node.services.sheets import imports as import_service
from node.services.sheets.imports import Handling, Imports
from node.store import audit, consents, imports, needs, persons
from node.store.needs import NeedRow
from node.vault import Compartment
from protocol.cells import partition_for
from tests.harness.house import House, house, seeded

ROOT = Path(__file__).parents[3]
LANSING = (ROOT / "examples" / "mappings" / "lansing.toml").read_text("utf-8")
SHARED = ROOT.parent / "shared" / "data" / "lansing_google_form" / "submission_responses.csv"

MAPPING = """
version = 1
name = "made-up"
[columns]
posted = "When"
name = "Name"
phone = "Phone"
address = "Where"
categories = "Needs"
status = "Status"
[values.status]
"done*" = "closed:completed"
"""
SHEET = """When,Name,Phone,Where,Needs,Status,Colour
2026-10-30,Ada Example,07700 900001,"1 Invented Road, BS4",Food; Lifts,,blue
2026-10-30,Ben Example,07700 900002,BS4,Prescriptions,,
2026-08-01,Cy Example,07700 900003,,Gardening,,
2026-08-01,Di Example,07700 900004,,Shopping,done yesterday,
tomorrow,Ed Example,07700 900005,,Shopping,,
"""
PLACES = "GB\tBS4\tKnowle\tEngland\tENG\tCounty of Bristol\t1\t\t\t51.4355\t-2.5633\t4\n"


@dataclass
class Room:
    group: House
    actor: Actor
    desk: Desk
    intake: Intake
    imports: Imports

    async def needs(self) -> list[NeedRow]:
        async with self.desk.db.read() as tx:
            return list(await needs.in_states(tx, list(NeedState)))


@pytest_asyncio.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with house(tmp_path / "data") as group:
        actor = await group.first()
        desk = Desk(
            db=group.db,
            vault=group.vault,
            clock=group.clock,
            random=seeded("imports"),
            catalogue=Catalogue.load(),
            partitions={Klass.A: partition_for("A", None), Klass.B: partition_for("B", None)},
        )
        roster = Roster(desk)
        intake = Intake(desk, roster)
        places = Places(group.db, group.clock)
        (tmp_path / "GB.txt").write_text(PLACES, "utf-8")
        await places.import_file(tmp_path / "GB.txt")
        yield Room(group, actor, desk, intake, Imports(desk, intake, roster, places))


async def test_rows_become_needs(room: Room) -> None:
    report = await room.imports.run(room.actor, SHEET.encode(), MAPPING, Handling(open_=True))
    assert (report.rows, report.added, report.skipped) == (4, 5, 0)
    assert (report.to_check, report.closed) == (1, 1)
    assert [(error.line, error.column) for error in report.errors] == [(6, "When")]
    rows = await room.needs()
    found = {room.desk.open_need(row).category: row.need for row in rows}
    assert set(found) == {"food_parcel", "lift", "medication", "gardening", "groceries"}
    assert found["food_parcel"].state is NeedState.OPEN
    assert found["food_parcel"].cell == found["lift"].cell is not None
    assert found["food_parcel"].person_id == found["lift"].person_id
    assert (found["medication"].category, found["medication"].cell) == ("private", None)
    assert (found["gardening"].state, found["gardening"].to_check) == (NeedState.NEW, True)
    assert found["groceries"].close_reason is CloseReason.COMPLETED
    assert room.desk.open_need(next(row for row in rows if row.need == found["lift"])).leftovers == {
        "When": "2026-10-30",
        "Needs": "Food; Lifts",
        "Colour": "blue",
    }


async def test_run_twice_it_changes_nothing(room: Room) -> None:
    first = await room.imports.run(room.actor, SHEET.encode(), MAPPING)
    before = await room.needs()
    again = await room.imports.run(
        room.actor, SHEET.replace("done yesterday", "").encode(), MAPPING, Handling(open_=True)
    )
    assert (again.added, again.skipped) == (0, first.rows)
    assert await room.needs() == before
    async with room.desk.db.read() as tx:
        run = await imports.get(tx, again.import_id)
    assert run is not None
    assert (run.rows, run.added, run.skipped) == (4, 0, 4)


async def test_a_preview_says_what_a_run_would_do_and_does_nothing(room: Room) -> None:
    preview = await room.imports.preview(room.actor, SHEET.encode(), MAPPING, Handling(open_=True))
    assert preview.needs == 5
    assert not await room.needs()
    report = await room.imports.run(room.actor, SHEET.encode(), MAPPING, Handling(open_=True))
    assert report.added == preview.needs
    assert report.errors == preview.errors
    after = await room.imports.preview(room.actor, SHEET.encode(), MAPPING)
    assert after.needs == 0
    assert all(row.here_already for row in after.rows)
    assert "Example" not in repr(after)


async def test_an_import_brings_no_consent_unless_somebody_states_it(room: Room) -> None:
    await room.imports.run(room.actor, SHEET.encode(), MAPPING)
    async with room.desk.db.read() as tx:
        for row in await room.needs():
            assert not await consents.of_need(tx, row.need.id)


async def test_who_stated_the_consent_is_on_record_and_sealed(room: Room) -> None:
    await room.imports.run(
        room.actor, SHEET.encode(), MAPPING, Handling(consent="Pat Invented, on the phone")
    )
    async with room.desk.db.read() as tx:
        for row in await room.needs():
            (consent,) = await consents.of_need(tx, row.need.id)
            assert (consent.purpose, consent.answer, consent.wording) == (
                Purpose.GROUPS_SEE,
                True,
                "import-stated",
            )
            (held,) = await tx.execute_fetchall(
                "SELECT note_sealed FROM consents WHERE need_id = ?", (row.need.id,)
            )
            assert room.desk.open_note("consents", row.need.id, held[0]) == "Pat Invented, on the phone"
        (entry,) = [entry for entry in await audit.latest(tx) if entry.action == "import.needs"]
    assert entry.codes["consent_stated"] is True
    assert entry.note_sealed is not None
    note = room.desk.vault.open(Compartment.PEOPLE, "audit", entry.object, entry.note_sealed)
    assert "Pat Invented" in note["why"]
    for file in (room.group.folder).glob("group.db*"):
        assert b"Invented" not in file.read_bytes()


async def test_somebody_known_is_not_made_twice_nor_changed(room: Room) -> None:
    taken = await room.intake.take(
        room.actor,
        NewNeed(
            person=NewPerson(name="ada example", phone="07700 900001", address="9 Newer Street"),
            categories=("lift",),
        ),
    )
    await room.imports.run(room.actor, SHEET.encode(), MAPPING)
    async with room.desk.db.read() as tx:
        assert len(await needs.of_person(tx, taken.person_id)) == 3
        row = await persons.get(tx, taken.person_id)
    assert row is not None
    details = room.desk.open_person(row)
    assert (details.address, details.point) == ("9 Newer Street", None)


async def test_who_may_and_when(room: Room) -> None:
    with pytest.raises(NotAllowed):
        await room.imports.run(CONSOLE, SHEET.encode(), MAPPING)
    room.group.vault.lock()
    with pytest.raises(Locked):
        await room.imports.preview(room.actor, SHEET.encode(), MAPPING)


async def test_a_malformed_sheet_changes_nothing(room: Room) -> None:
    for data in (
        b"",
        b"PK\x03\x04",
        SHEET.encode("utf-16")[3:],
        SHEET.encode() + b'"',
        b"Other,Columns\n1,2\n",
    ):
        with pytest.raises(Invalid):
            await room.imports.run(room.actor, data, MAPPING)
    assert not await room.needs()


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/lansing_google_form is absent")
async def test_the_real_groups_sheet_comes_in_whole(room: Room) -> None:
    data = SHARED.read_bytes()
    report = await room.imports.run(room.actor, data, LANSING, Handling(open_=True, consent="the organiser"))
    assert not report.errors
    assert (report.rows, report.added, report.closed) == (1, 4, 4)
    rows = await room.needs()
    assert {room.desk.open_need(row).category for row in rows} == {
        "food_parcel",
        "pet_food",
        "clothing",
        "laundry",
    }
    assert {row.need.close_reason for row in rows} == {CloseReason.COMPLETED}
    assert {row.need.posted_day.isoformat() for row in rows} == {"2020-03-15"}
    details = room.desk.open_need(rows[0])
    async with room.desk.db.read() as tx:
        person = await persons.get(tx, str(rows[0].need.person_id))
    assert person is not None
    kept = " ".join([*details.leftovers.values(), details.notes, room.desk.open_person(person).name])
    header, row = data.decode().splitlines()[:2]
    for cell in (
        "Sam",
        "Completed",
        "MyFakeName",
        "3/15/2020 22:49:40",
        "non urgent, I can wait a day or two",
    ):
        assert cell in row
        assert cell in kept
    assert "No phone currently" in details.notes
    assert header.startswith("ID,Organizer")
    again = await room.imports.run(room.actor, data, LANSING)
    assert (again.added, again.skipped) == (0, 1)


async def test_a_large_sheet_is_read_and_planned_beside_the_desk(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []
    for name in ("read_sheet", "plan_sheet"):
        work = getattr(import_service, name)

        def watched(*given: object, work: object = work, **named: object) -> object:
            threads.append(threading.current_thread())
            return work(*given, **named)  # type: ignore[operator]

        monkeypatch.setattr(import_service, name, watched)
    await room.imports.run(room.actor, SHEET.encode(), MAPPING)
    assert len(threads) == 2
    assert threading.main_thread() not in threads


def test_a_row_is_known_by_the_key_of_every_node_before_this_one() -> None:
    before, now = Fingerprints(keys=(b"b" * 32,)), Fingerprints(keys=(b"n" * 32, b"b" * 32))
    assert now.any_of("row") == (now.new("row"), before.new("row"))
    assert now.new("row") != before.new("row")


async def test_a_sheet_is_known_again_after_the_compartment_got_a_new_key(room: Room) -> None:
    first = await room.imports.run(room.actor, SHEET.encode(), MAPPING)
    room.group.vault.take_pair(Compartment.PEOPLE, room.group.vault.next_pair(Compartment.PEOPLE)[0])
    again = await room.imports.run(room.actor, SHEET.encode(), MAPPING)
    assert (again.added, again.skipped) == (0, first.rows)
