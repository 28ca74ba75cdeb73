"""Volunteers and past matches come in from sheets: known again, made once, and nothing guessed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio

from node.domain.actors import Actor
from node.domain.assignment import AssignmentState
from node.domain.catalogue import catalogue
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import CloseReason, NeedState
from node.domain.person import PersonState
from node.domain.sheets.sheet_table import FileKind, written
from node.domain.volunteer import Stage, Transport, VolunteerState
from node.services.desk import Desk
from node.services.intake.intake import Intake
from node.services.intake.places import Places
from node.services.matching.roster import Roster
from node.services.sheets.imports import LEFT_OUT, Handling, Imports
from node.store import assignments, merges, needs, persons, volunteers
from tests.harness.house import House, house, seeded
from tests.harness.workbook import workbook

VOLUNTEERS = """
version = 1
name = "helpers"
sort = "volunteers"
dates = "mdy"
optional = ["status"]
[columns]
posted = "Timestamp"
name = "Name"
phone = "Phone"
email = "Email"
address = "Neighbourhood"
categories = "How can you help?"
transport = "Transport"
radius_km = "How far?"
max_per_week = "Per week"
status = "Status"
notes = "Anything else"
[values.transport]
"Car*" = "car"
"Bike" = "bike"
[values.status]
"Active" = "active"
"On a break" = "paused"
"Left*" = "left"
"""
HELPERS = """Timestamp,Name,Phone,Email,Neighbourhood,How can you help?,Transport,How far?,Per week,Status,\
Anything else,Shirt
3/15/2020 9:00:00,Sam Invented,07700 900101,,BS4,"Shopping, Juggling",Car (mine),3 miles,2,Active,knows the dog,L
3/16/2020 9:00:00,Tia Invented,,tia@example.org,,Lifts,Bike,far,0,On a break,,
3/17/2020 9:00:00,,07700 900103,,,Lifts,,,,,,
3/18/2020 9:00:00,Una Invented,ring me,,,Lifts,,,,,,
3/19/2020 9:00:00,Vic Invented,07700 900104,,,,,,,Gone fishing,,
"""
MATCHES = """
version = 1
name = "log"
sort = "matches"
optional = ["helper_phone"]
[columns]
closed = "Date"
name = "Who"
phone = "Phone"
helper = "Helper"
helper_phone = "Helper phone"
categories = "What"
status = "Result"
[values.status]
"ok" = "closed:completed"
"not home" = "closed:unreachable"
"""
LOG = """Date,Who,Phone,Helper,Helper phone,What,Result
2020-04-01,Ada Example,07700 900001,Sam Invented,07700 900101,"Shopping, Lifts",ok
2020-04-02,Ada Example,07700 900001,Sam Invented,07700 900101,Shopping,not home
2020-04-03,Ada Example,07700 900001,,,Shopping,ok
2020-04-04,Bo Example,,New Helper,,Shopping,
2020-04-05,Cy Example,,Sam Invented,07700 900101,Shopping,dunno
,Di Example,,Sam Invented,07700 900101,Shopping,ok
"""


@dataclass
class Room:
    group: House
    actor: Actor
    desk: Desk
    intake: Intake
    imports: Imports

    async def count(self, table: str) -> int:
        async with self.desk.db.read() as tx:
            rows = list(await tx.execute_fetchall(f"SELECT count(*) AS many FROM {table}"))
        return int(rows[0]["many"])

    async def person(self, phone: str) -> persons.PersonRow:
        async with self.desk.db.read() as tx:
            (row,) = await persons.with_phone(tx, self.desk.vault.blind("phone", phone))
        return row


@pytest_asyncio.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with house(tmp_path / "data") as group:
        actor = await group.first()
        desk = Desk(
            db=group.db,
            vault=group.vault,
            clock=group.clock,
            random=seeded("r"),
            catalogue=catalogue(),
            partitions={},
        )
        roster = Roster(desk)
        intake = Intake(desk, roster)
        yield Room(group, actor, desk, intake, Imports(desk, intake, roster, Places(group.db, group.clock)))


async def test_volunteers_come_in_with_what_they_do_and_nobody_is_cleared(room: Room) -> None:
    report = await room.imports.run(room.actor, HELPERS.encode(), VOLUNTEERS, Handling(open_=True))
    assert (report.rows, report.added) == (3, 3)
    assert [(each.line, each.column) for each in report.errors] == [(4, "Name"), (5, "Phone")]
    row = await room.person("07700 900101")
    async with room.desk.db.read() as tx:
        sam = await volunteers.get(tx, row.person.id)
        everybody = [await volunteers.get(tx, each.person.id) for each in await persons.all_volunteers(tx)]
    assert sam is not None
    assert (sam.state, sam.stage, sam.transport) == (VolunteerState.ACTIVE, Stage.ACTIVE, Transport.CAR)
    assert (sam.abilities, sam.radius_km, sam.max_per_week, sam.cleared) == (("groceries",), 4.8, 2, ())
    details = room.desk.open_person(row)
    for kept in ("knows the dog", "Juggling", "Shirt: L", "3 miles"):
        assert kept in details.notes
    states = sorted((each.state, each.stage) for each in everybody if each)
    assert states == [("active", "active"), ("active", "applied"), ("paused", "active")]
    again = await room.imports.run(room.actor, HELPERS.encode(), VOLUNTEERS, Handling(open_=True))
    assert (again.added, again.skipped) == (0, 3)
    assert await room.count("persons") == await room.count("volunteers") == 3


async def test_whoever_is_kept_away_does_not_come_in_by_another_spelling(room: Room) -> None:
    call = NewNeed(
        person=NewPerson(name="Samuel Invented", phone="07700 900101"),
        categories=("groceries",),
        start="open",
    )
    taken = await room.intake.take(room.actor, call)
    async with room.desk.db.write() as tx:
        await persons.set_state(tx, taken.person_id, PersonState.BARRED, room.desk.today)
    assert (await room.imports.run(room.actor, HELPERS.encode(), VOLUNTEERS, Handling(open_=True))).added == 3
    async with room.desk.db.read() as tx:
        found = await persons.with_phone(tx, room.desk.vault.blind("phone", "07700 900101"))
        (sam,) = [row.person.id for row in found if row.person.id != taken.person_id]
        helper = await volunteers.get(tx, sam)
        assert helper is not None
        assert helper.stage is Stage.APPLIED
        assert sam in await merges.unseen(tx), "so nobody asks, tells or confirms her"


async def test_unless_somebody_says_so_nobody_has_met_them(room: Room) -> None:
    await room.imports.run(room.actor, HELPERS.encode(), VOLUNTEERS)
    async with room.desk.db.read() as tx:
        for each in await persons.all_volunteers(tx):
            helper = await volunteers.get(tx, each.person.id)
            assert helper is not None
            assert helper.stage is Stage.APPLIED


async def test_a_volunteer_we_have_is_neither_doubled_nor_changed(room: Room) -> None:
    await room.imports.run(room.actor, HELPERS.encode(), VOLUNTEERS, Handling(open_=True))
    row = await room.person("07700 900101")
    other = HELPERS.replace("Car (mine)", "Bike").replace("3/15/2020", "4/15/2020")
    await room.imports.run(room.actor, other.encode(), VOLUNTEERS)
    async with room.desk.db.read() as tx:
        sam = await volunteers.get(tx, row.person.id)
    assert sam is not None
    assert (sam.transport, sam.stage) == (Transport.CAR, Stage.ACTIVE)
    assert await room.count("volunteers") == 3


async def test_past_matches_become_requests_that_are_over_with_their_helper(room: Room) -> None:
    await room.imports.run(room.actor, HELPERS.encode(), VOLUNTEERS, Handling(open_=True))
    report = await room.imports.run(room.actor, LOG.encode(), MATCHES)
    assert (report.rows, report.added) == (3, 4)
    assert [(each.line, each.column) for each in report.errors] == [
        (4, "Helper"), (6, "Result"), (7, "Date"),
    ]  # fmt: skip
    sam = (await room.person("07700 900101")).person.id
    ada = (await room.person("07700 900001")).person.id
    async with room.desk.db.read() as tx:
        done = await assignments.of_person(tx, sam)
        asked = await needs.of_person(tx, ada)
        helped = await assignments.helpers_of_person(tx, ada)
    assert sorted(each.state for each in done) == [
        AssignmentState.DONE, AssignmentState.DONE, AssignmentState.RELEASED,
    ]  # fmt: skip
    assert {room.desk.zone.day(each.changed_at).isoformat() for each in done} == {"2020-04-01", "2020-04-02"}
    assert {row.need.state for row in asked} == {NeedState.CLOSED}
    assert {row.need.close_reason for row in asked} == {CloseReason.COMPLETED, CloseReason.UNREACHABLE}
    assert helped[sam] == 2
    again = await room.imports.run(room.actor, LOG.encode(), MATCHES)
    assert (again.added, again.skipped) == (0, 3)
    assert await room.count("assignments") == 4


async def test_the_same_help_in_two_sheets_is_one_request(room: Room) -> None:
    sheet = "Date,Who,Phone,What,Result\n2020-04-01,Ada Example,07700 900001,Shopping,ok\n"
    mapping = """
version = 1
name = "asked"
[columns]
posted = "Date"
name = "Who"
phone = "Phone"
categories = "What"
status = "Result"
[values.status]
ok = "closed:completed"
"""
    await room.imports.run(room.actor, sheet.encode(), mapping)
    report = await room.imports.run(room.actor, LOG.encode(), MATCHES)
    assert report.added == 4
    assert await room.count("needs") == 4
    assert await room.count("persons") == 4


async def test_somebody_who_rang_yesterday_is_the_one_in_the_old_log(room: Room) -> None:
    taken = await room.intake.take(
        room.actor,
        NewNeed(person=NewPerson(name="ada example", phone="+44 7700 900001"), categories=("groceries",)),
    )
    room.desk.vault.region = "GB"
    await room.intake.complete_indexes()
    async with room.desk.db.write() as tx:
        await tx.execute("UPDATE persons SET phone_index = NULL")
    await room.intake.complete_indexes()
    await room.imports.run(room.actor, LOG.encode(), MATCHES)
    async with room.desk.db.read() as tx:
        rows = await needs.of_person(tx, taken.person_id)
    assert [row.need.state for row in rows].count(NeedState.NEW) == 1, (
        "an open request is not taken for an old one"
    )
    assert len(rows) == 4


async def test_rows_put_right_on_screen_come_in_and_the_rest_is_handed_back(room: Room) -> None:
    how = Handling(
        open_=True,
        fixes={5: {"Phone": "07700 900199"}, 6: {"How can you help?": "Lifts"}},
        left_out=frozenset({3}),
    )
    table = await room.imports.handed_back(room.actor, HELPERS.encode(), VOLUNTEERS, how)
    assert [(row[-2], row[-1]) for row in table.rows] == [
        ("3", LEFT_OUT),
        ("4", "Name: There is no name in this row."),
    ]
    assert table.headings[-2:] == ("Row", "Why not")
    assert written(table, FileKind.CSV).count(b"\r\n") == 3
    report = await room.imports.run(room.actor, HELPERS.encode(), VOLUNTEERS, how)
    assert report.added == 3
    assert (await room.person("07700 900199")).person.id


async def test_the_same_sheet_as_a_spreadsheet_file_is_known_again(room: Room) -> None:
    rows = [line.split(",") for line in LOG.replace('"Shopping, Lifts"', "Shopping").splitlines()]
    await room.imports.run(room.actor, LOG.replace('"Shopping, Lifts"', "Shopping").encode("utf-16"), MATCHES)
    serial = [
        [
            ("date", 43922 + at - 1, 2) if at and column == 0 and cell else cell
            for column, cell in enumerate(row)
        ]
        for at, row in enumerate(rows)
    ]
    again = await room.imports.run(room.actor, workbook({"Log": serial}), MATCHES)
    assert (again.added, again.skipped) == (0, 3)
