"""Past matches that name request and volunteer by the number these have in lists that came before, as Airtable's linked
tables do: nothing guessed, nothing mixed, and safe to run twice."""

from collections.abc import Sequence

import pytest

from node.domain.assignment import AssignmentState
from node.domain.ids import PersonId
from node.domain.need import CloseReason, NeedState
from node.domain.need_lifecycle import NeedMove
from node.domain.person import PersonState
from node.domain.volunteer import Stage
from node.errors import Invalid
from node.services.dispatch import moves
from node.services.sheets import old_numbers
from node.services.sheets.imports import Handling, ImportReport
from node.store import assignments, needs, persons, volunteers
from tests.harness.workbook import workbook
from tests.unit.services.test_import_others import Room, room

__all__ = ["room"]

REQUESTS = """Request ID,Created,Name,Phone,Need,State
0012,2020-04-01,Ada Example,07700 900001,"Shopping, Lifts",waiting
13,2020-04-02,Bo Example,07700 900002,Shopping,done
14,2020-04-03,Cy Example,07700 900003,Shopping,done
15,2020-04-04,Di Example,07700 900004,Shopping,waiting
"""
VOLUNTEERS = """Volunteer ID,Name,Phone,Skills
1,Sam Invented,07700 900101,Shopping
2,Tia Invented,07700 900102,Lifts
"""
MATCHES = """Match,Request,Helper,Day,What,Result
recA,12.0,1,2020-04-05,Shopping,done
recB, # 13 ,02,2020-04-06,,done
recC,99,1,2020-04-06,,done
recD,14,77,2020-04-06,,done
recE,,1,2020-04-06,,done
"""
AS_REQUESTS = """
version = 1
name = "{name}"
dates = "ymd"
[columns]
id = "Request ID"
posted = "Created"
name = "Name"
phone = "Phone"
categories = "Need"
status = "State"
[values.status]
done = "closed:completed"
waiting = "new"
"""
AS_VOLUNTEERS = """
version = 1
name = "people"
sort = "volunteers"
[columns]
id = "Volunteer ID"
name = "Name"
phone = "Phone"
categories = "Skills"
"""
AS_MATCHES = """
version = 1
name = "links"
sort = "matches"
optional = ["categories", "name"]
[columns]
id = "Match"
request = "Request"
helper_number = "Helper"
closed = "Day"
categories = "What"
name = "Who"
status = "Result"
[values.status]
done = "closed:completed"
"""


async def bring_both(room: Room, name: str = "asked") -> None:
    await bring(room, REQUESTS, AS_REQUESTS.format(name=name))
    await bring(room, VOLUNTEERS, AS_VOLUNTEERS)


async def bring(room: Room, sheet: str | bytes, mapping: str, how: Handling | None = None) -> ImportReport:
    data = sheet if isinstance(sheet, bytes) else sheet.encode()
    return await room.imports.run(room.actor, data, mapping, how or Handling(open_=True))


async def of(room: Room, phone: str) -> list[needs.NeedRow]:
    person = (await room.person(phone)).person.id
    async with room.desk.db.read() as tx:
        return sorted(await needs.of_person(tx, person), key=lambda row: room.desk.open_need(row).category)


async def helpers(room: Room, need_id: str) -> list[tuple[str, AssignmentState]]:
    async with room.desk.db.read() as tx:
        found = []
        for each in await assignments.of_need(tx, need_id):
            row = await persons.get(tx, PersonId(each.person_id))
            assert row is not None
            found.append((room.desk.open_person(row).name, each.state))
    return found


def why(report: ImportReport) -> Sequence[tuple[int, str, str]]:
    return [(each.line, each.column, each.message) for each in report.errors]


async def test_linked_tables_come_in_by_number_alone_and_twice_is_once(room: Room) -> None:
    await bring_both(room)
    people, asked = await room.count("persons"), await room.count("needs")
    report = await bring(room, MATCHES, AS_MATCHES)
    assert (report.rows, report.added) == (2, 2)
    assert why(report) == [
        (4, "Request", old_numbers.NO_REQUEST),
        (5, "Helper", old_numbers.NO_VOLUNTEER),
        (6, "Request", "This row does not say who was helped."),
    ]
    two = {room.desk.open_need(row).category: row for row in await of(room, "07700 900001")}
    shopping = two.pop("groceries")
    (lifts,) = two.values()
    assert (shopping.need.state, shopping.need.close_reason) == (NeedState.CLOSED, CloseReason.COMPLETED)
    assert str(shopping.need.closed_day) == "2020-04-05"
    assert lifts.need.state is not NeedState.CLOSED, "the row says which of the two it was"
    assert await helpers(room, shopping.need.id) == [("Sam Invented", AssignmentState.DONE)]
    (bo,) = await of(room, "07700 900002")
    assert await helpers(room, bo.need.id) == [("Tia Invented", AssignmentState.DONE)]
    again = await bring(room, MATCHES, AS_MATCHES)
    assert (again.added, again.skipped) == (0, 2)
    rows = [line.split(",") for line in MATCHES.splitlines()]
    as_numbers = [
        [float(cell) if at and n == 1 and cell.strip().isdecimal() else cell for n, cell in enumerate(row)]
        for at, row in enumerate(rows)
    ]
    assert (await bring(room, workbook({"Links": as_numbers}), AS_MATCHES)).added == 0
    assert (await room.count("persons"), await room.count("needs")) == (people, asked), "nobody was made anew"
    assert await room.count("assignments") == 2


async def test_a_row_whose_number_was_unknown_is_handed_back_and_comes_when_put_right(room: Room) -> None:
    await bring_both(room)
    table = await room.imports.handed_back(room.actor, MATCHES.encode(), AS_MATCHES)
    assert next((row[0], row[-1]) for row in table.rows) == ("recC", f"Request: {old_numbers.NO_REQUEST}")
    how = Handling(
        fixes={4: {"Request": "14"}, 5: {"Request": "0014", "Helper": " 2"}}, left_out=frozenset({6})
    )
    report = await bring(room, MATCHES, AS_MATCHES, how)
    assert (report.added, report.errors) == (4, ())
    (cy,) = await of(room, "07700 900003")
    assert sorted(await helpers(room, cy.need.id)) == [
        ("Sam Invented", AssignmentState.DONE), ("Tia Invented", AssignmentState.DONE),
    ]  # fmt: skip


async def test_two_lists_with_the_same_numbers_are_never_mixed(room: Room) -> None:
    await bring_both(room, "north")
    south = REQUESTS.replace("Example", "Otherwise").replace("07700 9000", "07700 9005")
    await bring(room, south, AS_REQUESTS.format(name="south"))
    with pytest.raises(Invalid) as refused:
        await bring(room, MATCHES, AS_MATCHES)
    assert refused.value.code == "which_list"
    assert await room.count("assignments") == 0
    said = AS_MATCHES.replace("[values", '[lists]\nrequest = "south"\n[values')
    assert (await bring(room, MATCHES, said)).added == 2
    assert {row.need.state for row in await of(room, "07700 900001")} == {NeedState.NEW}
    (bo,) = await of(room, "07700 900502")
    assert len(await helpers(room, bo.need.id)) == 1


async def test_a_list_that_was_numbered_anew_is_asked_about_run_by_run(room: Room) -> None:
    await bring_both(room)
    anew = (
        REQUESTS.replace("Example", "Otherwise").replace("07700 9000", "07700 9005").replace("\n15,", "\n16,")
    )
    second = await bring(room, anew, AS_REQUESTS.format(name="asked"))
    report = await bring(room, MATCHES, AS_MATCHES)
    assert why(report)[:2] == [(2, "Request", old_numbers.SEVERAL), (3, "Request", old_numbers.SEVERAL)]
    async with room.desk.db.read() as tx:
        lists = (await old_numbers.earlier(tx))["request"]
    assert [(each.key == "asked", each.rows) for each in lists] == [(True, 8), (False, 4), (False, 4)]
    said = AS_MATCHES.replace("[values", f'[lists]\nrequest = "{second.import_id}"\n[values')
    assert (await bring(room, MATCHES, said)).added == 2
    assert [len(await helpers(room, row.need.id)) for row in await of(room, "07700 900502")] == [1]


async def test_a_number_beside_another_name_or_of_a_request_in_hand_is_handed_back(room: Room) -> None:
    await bring_both(room)
    (di,) = await of(room, "07700 900004")
    async with room.desk.db.write() as tx:
        await moves.move_need(tx, room.desk, room.actor, di, NeedMove.OPEN)
    sheet = """Match,Request,Who,Helper,Day,Result
a,13,Ada Example,1,2020-04-06,done
b,14,cy example,1,2020-04-06,done
c,15,,1,2020-04-06,done
"""
    report = await bring(room, sheet, AS_MATCHES)
    assert report.added == 1
    assert why(report) == [
        (2, "Request", old_numbers.OTHER_NAME),
        (2, "Who", old_numbers.OTHER_NAME),
        (4, "Request", old_numbers.DEALT_WITH),
    ]
    (di,) = await of(room, "07700 900004")
    assert di.need.state is NeedState.OPEN


async def test_numbers_are_learned_from_a_sheet_that_was_here_before_they_were_kept(room: Room) -> None:
    await bring_both(room)
    async with room.desk.db.write() as tx:
        await tx.execute("DELETE FROM import_numbers")
    assert (await bring(room, MATCHES, AS_MATCHES)).added == 0
    await bring_both(room)
    assert await room.count("needs") == 5
    assert (await bring(room, MATCHES, AS_MATCHES)).added == 2


async def test_who_was_made_one_with_another_is_found_and_who_was_erased_is_not(room: Room) -> None:
    await bring_both(room)
    (bo,) = await of(room, "07700 900002")
    tia = (await room.person("07700 900102")).person.id
    sam = (await room.person("07700 900101")).person.id
    async with room.desk.db.write() as tx:
        await tx.execute("DELETE FROM volunteers WHERE person_id = ?", (sam,))
        await tx.execute("UPDATE persons SET merged_into = ? WHERE id = ?", (tia, sam))
        await tx.execute("DELETE FROM consents WHERE need_id = ?", (bo.need.id,))
        await tx.execute("DELETE FROM needs WHERE id = ?", (bo.need.id,))
    report = await bring(room, MATCHES, AS_MATCHES)
    assert report.added == 1
    assert (3, "Request", old_numbers.NO_REQUEST) in why(report)
    async with room.desk.db.read() as tx:
        assert len(await assignments.of_person(tx, tia)) == 1


async def test_a_list_that_is_named_and_not_here_is_not_taken_for_another(room: Room) -> None:
    await bring(room, REQUESTS, AS_REQUESTS.format(name="asked 2021"))
    await bring(room, VOLUNTEERS, AS_VOLUNTEERS)
    mapping = AS_MATCHES + '[lists]\nrequest = "asked 2019"\n'
    with pytest.raises(Invalid) as refused:
        await bring(
            room, "Match,Request,Helper,Day,What,Result\nrecA,15,1,2019-04-05,Shopping,done\n", mapping
        )
    assert refused.value.code == "which_list"


async def test_whoever_is_kept_away_is_known_by_name_and_address_too(room: Room) -> None:
    mapping = AS_VOLUNTEERS.replace('phone = "Phone"', 'phone = "Phone"\naddress = "Addr"')
    head = "Volunteer ID,Name,Phone,Skills,Addr\n"
    await bring(room, f"{head}1,Sam Invented,07700 900101,Shopping,1 High St\n", mapping)
    async with room.desk.db.write() as tx:
        for row in await persons.all_volunteers(tx):
            await persons.set_state(tx, row.person.id, PersonState.BARRED, room.desk.today)
    again = mapping.replace('"people"', '"people of now"')
    await bring(room, f"{head}7,Sam  Invented,07700 900999,Shopping,1 High St\n", again)
    async with room.desk.db.read() as tx:
        (new,) = await persons.with_phone(tx, room.desk.vault.blind("phone", "07700 900999"))
        helper = await volunteers.get(tx, new.person.id)
    assert helper is not None
    assert helper.stage is Stage.APPLIED
