"""Sheets come in and go out over the pages, without scripts: asked, put right row by row, handed back, known again."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from node.domain.actors import Role
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import NeedState
from node.domain.sheets.sheets import read_sheet
from node.errors import DiskFull
from node.services.sheets import imports, sheet_runs
from node.services.sheets.whole_file import read
from node.store import audit, needs, persons, settings, sheet_drafts
from node.store.db import Database
from node.store.sheet_drafts import MappingRow
from node.vault import Compartment
from tests.harness.neighbourhood import PASSWORD, Member, Neighbourhood
from tests.harness.workbook import workbook

SHEET = """Timestamp,Your name,Phone number,What do you need?,How urgent?,Favourite colour
3/4/2020 9:00,Ada Example,07700 900301,Food,urgent!,blue
4/5/2020 9:00,Bo Example,07700 900302,Food and company,whenever,
someday,Cy Example,07700 900303,Lifts,,
"""


class Desk:
    """A browser without scripts, signed in."""

    def __init__(self, north: Member, session: aiohttp.ClientSession) -> None:
        self.north = north
        self.session = session
        self.text = ""
        self.path = ""

    async def get(self, path: str, status: int = 200) -> str:
        async with self.session.get(self.north.url + path) as answer:
            self.text, self.path = await answer.text(), answer.url.path
            assert answer.status == status, self.text
        return self.text

    async def post(self, path: str, status: int = 200, **form: str) -> str:
        form = {"seal": self.seal(), **{name.replace("__", ":"): value for name, value in form.items()}}
        async with self.session.post(self.north.url + path, data=form) as answer:
            self.text, self.path = await answer.text(), answer.url.path
            assert answer.status == status, self.text
        return self.text

    async def bytes(self, path: str, form: dict[str, str] | None = None) -> bytes:
        method = "POST" if form is not None else "GET"
        data = {"seal": self.seal(), **form} if form is not None else None
        async with self.session.request(method, self.north.url + path, data=data) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.headers["Cache-Control"] == "no-store"
            assert "attachment" in answer.headers["Content-Disposition"]
            return await answer.read()

    async def bring(self, data: bytes, status: int = 200) -> str:
        form = aiohttp.FormData()
        form.add_field("seal", self.seal())
        form.add_field("file", data, filename="sheet.csv")
        async with self.session.post(self.north.url + "/import", data=form) as answer:
            self.text, self.path = await answer.text(), answer.url.path
            assert answer.status == status, self.text
        return self.path

    def seal(self) -> str:
        found = re.search(r'name="seal" value="([^"]+)"', self.text)
        assert found
        return found[1]

    def chosen(self) -> dict[str, str]:
        """The columns form as it stands on the page."""
        form = {}
        for name, body in re.findall(r'<select name="(field:\d+)"[^>]*>(.*?)</select>', self.text, re.S):
            picked = re.search(r'value="([^"]*)" selected', body)
            form[name.replace(":", "__")] = picked[1] if picked else ""
        return form


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north", population=False)
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            desk = Desk(north, session)
            await desk.get("/sign-in")
            await desk.post("/sign-in", handle="kim", password=PASSWORD)
            await desk.get("/import")
            yield desk


async def all_needs(north: Member) -> list[NeedState]:
    async with north.node.services.export._desk.db.read() as tx:
        return [row.need.state for row in await needs.in_states(tx, list(NeedState))]


async def test_from_a_file_to_requests_without_a_script(desk: Desk) -> None:
    path = await desk.bring(SHEET.encode())
    assert "can be two days" in desk.text, "an unclear date is asked, not guessed"
    form = desk.chosen()
    assert list(form.values()) == ["posted", "name", "phone", "categories", "urgency", ""]
    await desk.post(path, 422, sort="needs", name="Our form", dates="", **form)
    assert "which comes first" in desk.text
    await desk.post(path, sort="needs", name="Our form", dates="mdy", **form)
    assert desk.path == f"{path}/look"
    assert "Food and company" in desk.text
    assert "someday" in desk.text
    assert not await all_needs(desk.north), "looking brings nothing in"
    await desk.post(f"{path}/words", of__0="categories", word__0="Food and company", means__0="groceries")
    assert "Words that we do not know" not in desk.text
    back = read_sheet(await desk.bytes(f"{path}/back.csv"))
    assert [(row.cells["Your name"], row.cells["Row"]) for row in back.rows] == [("Cy Example", "4")]
    assert "cannot read this as a date" in back.rows[0].cells["Why not"]
    assert read_sheet(await desk.bytes(f"{path}/back.xlsx")).rows[0].cells == back.rows[0].cells
    await desk.get(f"{path}/look")
    await desk.post(f"{path}/run")
    assert "Brought in: 2" in desk.text
    assert len(await all_needs(desk.north)) == 2
    await desk.post(f"{path}/row/4", heading__0="Timestamp", cell__0="5/6/2020")
    assert "Rows to put right" not in desk.text
    await desk.post(f"{path}/run")
    assert "2 rows were here already" in desk.text
    assert len(await all_needs(desk.north)) == 3
    await desk.post(f"{path}/drop")
    await desk.get(f"{path}/look", 404)


async def test_the_same_sheet_next_week_is_known_and_changes_nothing(desk: Desk) -> None:
    path = await desk.bring(SHEET.encode())
    await desk.post(path, sort="needs", name="Our form", dates="mdy", **desk.chosen())
    await desk.post(f"{path}/words", of__0="categories", word__0="Food and company", means__0="groceries")
    await desk.post(f"{path}/run")
    await desk.get("/import")
    path = await desk.bring(SHEET.replace(",blue", ",red").encode("utf-16"))
    assert "We know this sheet: Our form" in desk.text
    await desk.post(path, sort="needs", name="Another name", dates="mdy", **desk.chosen())
    assert "Words that we do not know" not in desk.text, "what was said once counts for the next sheet"
    assert "There is nothing new in this sheet" in desk.text
    assert len(await all_needs(desk.north)) == 2


async def test_a_long_sheet_goes_on_by_itself_and_can_be_stopped(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    monkeypatch.setattr(sheet_runs, "AT_FIRST", 1)
    runs = desk.north.services.sheet_runs
    path = await desk.bring(SHEET.replace("someday", "5/6/2020").encode())
    await desk.post(path, sort="needs", name="Our form", dates="mdy", **desk.chosen())
    await desk.post(f"{path}/run")
    assert "1 of 3 rows are done" in desk.text
    assert len(await all_needs(desk.north)) == 1
    for change in ("words", "row/4", "read", "drop"):
        await desk.post(f"{path}/{change}", 409, out="yes", encoding="")
        assert "coming in just now" in desk.text
    await desk.get("/import")
    assert "Is coming in" in desk.text
    await desk.get(f"{path}/look")
    await desk.post(f"{path}/stop")
    assert (await runs.go_on(), len(await all_needs(desk.north))) == (0, 1)
    assert "Bring them in" in desk.text
    await desk.post(f"{path}/run")
    assert "1 of 3 rows are done" in desk.text
    desk.north.clock.advance(days=3)
    assert await desk.north.services.sheet_desk.sweep() == 0, "what is coming in is not thrown away"
    assert (await runs.go_on(), await runs.go_on()) == (1, 0)
    assert len(await all_needs(desk.north)) == 3
    looked = await desk.north.services.sheet_desk.look(desk.north.staff, path.rpartition("/")[2])
    assert looked.report is not None
    assert (looked.report.added, looked.report.skipped) == (2, 1)


async def test_a_full_disk_is_said_where_it_is_read_and_the_sheet_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 20)
    monkeypatch.setattr(sheet_runs, "AT_FIRST", 20)
    services, full = desk.north.services, "The disk is full; the sheet goes on by itself when there is room."
    heading, row = SHEET.splitlines()[0], "5/6/2020 9:00,Name {at} Example,07700 90{at:04},Food,,"
    path = await desk.bring("\n".join([heading, *(row.format(at=at) for at in range(300))]).encode())
    await desk.post(path, sort="needs", name="Our form", dates="mdy", **desk.chosen())

    async def room(pages: int) -> None:
        async with services.export._desk.db.write() as tx:
            await tx.execute(f"PRAGMA max_page_count={pages}")  # SQLite's own way to be full

    await desk.post(f"{path}/run")
    assert "20 of 300 rows are done" in desk.text
    assert full not in desk.text
    await room(1)
    assert await services.sheet_runs.go_on() == 1
    stopped = len(await all_needs(desk.north))
    assert stopped < 300
    assert full in await desk.get(f"{path}/look")
    assert f"{stopped} of 300 rows are done" in desk.text
    board = await desk.get("/board")
    assert full in board
    assert f'href="{path}/look"' in board
    await room(1 << 30)
    assert await services.sheet_runs.go_on() == 1
    assert len(await all_needs(desk.north)) == 300
    assert full not in await desk.get("/board")
    assert full not in await desk.get(f"{path}/look")


async def test_a_disk_that_is_full_from_the_first_row_on_is_said_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await desk.bring(SHEET.encode())
    await desk.post(path, sort="needs", name="Our form", dates="mdy", **desk.chosen())

    async def no_room(*_: object, **__: object) -> None:
        raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(desk.north.services.imports, "bring", no_room)
        await desk.post(f"{path}/run")
        assert "The disk is full" in desk.text
        assert "It is coming in" in desk.text
    assert await desk.north.services.sheet_runs.go_on() == 1
    assert "The disk is full" not in await desk.get("/board")


async def test_whoever_was_suspended_meanwhile_brings_nothing_more_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    monkeypatch.setattr(sheet_runs, "AT_FIRST", 1)
    services = desk.north.services
    path = await desk.bring(SHEET.encode())
    await desk.post(path, sort="needs", name="Our form", dates="mdy", **desk.chosen())
    await desk.post(f"{path}/run")
    async with services.export._desk.db.write() as tx:
        await tx.execute("UPDATE staff SET state = 'suspended'")
    assert await services.sheet_runs.go_on() == 1
    assert (await services.sheet_runs.go_on(), len(await all_needs(desk.north))) == (0, 1)
    async with services.export._desk.db.read() as tx:
        (stopped,) = [each for each in await audit.latest(tx) if each.action == "import.stopped"]
    assert stopped.codes == {"code": "not_allowed", "rows": 1}


@pytest.mark.parametrize("takes_over", ["second-coordinator", "second-triage", ""])
async def test_whoever_leaves_gives_the_sheet_on_or_it_stops(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, takes_over: str
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    monkeypatch.setattr(sheet_runs, "AT_FIRST", 1)
    services, kim = desk.north.services, desk.north.staff
    people = (Compartment.PEOPLE, Compartment.VETTING)
    ids = {"": None}
    for handle, roles in (
        ("second-coordinator", (Role.ADMIN, Role.COORDINATOR)),
        ("second-triage", (Role.TRIAGE,)),
    ):
        ids[handle] = await services.team.add_staff(kim, handle, PASSWORD, roles, people)
    path = await desk.bring(SHEET.encode())
    await desk.post(path, sort="needs", name="Our form", dates="mdy", **desk.chosen())
    await desk.post(f"{path}/run")
    other = (await services.access.sign_in("second-coordinator", PASSWORD)).actor
    plan = await services.off_boarding.plan(other, kim.id or "")
    assert (plan.work.sheets, plan.work.any) == (1, True)
    after = await services.off_boarding.go(other, kim.id or "", to=ids[takes_over])
    assert (after.gone, after.work.sheets) == (True, 0)
    goes_on = takes_over == "second-coordinator"
    assert await services.sheet_runs.go_on() == int(goes_on)
    assert len(await all_needs(desk.north)) == (2 if goes_on else 1)
    async with services.export._desk.db.read() as tx:
        stopped = [each.codes for each in await audit.latest(tx) if each.action == "import.stopped"]
        left = await sheet_drafts.of_staff(tx, ids[takes_over] or "")
    assert stopped == ([] if goes_on else [{"code": "left", "rows": 1}])
    assert [each.import_id for each in left] == ([None] if goes_on else [])
    if goes_on:
        await desk.get("/sign-in")
        await desk.post("/sign-in", handle=takes_over, password=PASSWORD)
        assert "Our form" in await desk.get("/import")


async def test_whoever_is_erased_meanwhile_does_not_come_back_with_a_sheet(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, staff = desk.north.services, desk.north.staff
    new = NewNeed(person=NewPerson(name="Bo Example", phone="07700900302"), categories=("lift",))
    bo = await services.intake.take(staff, new)
    first = await desk.bring(SHEET.encode())
    await desk.post(first, sort="needs", name="Our form", dates="mdy", **desk.chosen())
    await desk.get("/import")
    path = await desk.bring(SHEET.replace("Ada", "Ava").encode())
    await desk.post(path, sort="needs", name="Our form", dates="mdy", **desk.chosen())
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    monkeypatch.setattr(sheet_runs, "AT_FIRST", 1)
    await desk.post(f"{path}/run")
    await services.people.erase(staff, bo.person_id)
    await desk.get(first)
    await desk.post(f"{first}/read", encoding="")
    await desk.post(first, sort="needs", name="Our form", dates="mdy", **desk.chosen())
    assert "This person was erased here after you chose the sheet" in desk.text
    await desk.post(f"{first}/run")
    await services.sheet_runs.go_on()
    async with services.export._desk.db.read() as tx:
        held = [services.export._desk.open_person(each).name for each in await persons.all_of_ours(tx)]
    assert sorted(held) == ["Ada Example", "Ava Example"], "not by the sheet that was coming in either"
    monkeypatch.undo()
    back = read_sheet(await desk.bytes(f"{path}/back.csv"))
    assert [(row.cells["Row"], "erased" in row.cells["Why not"]) for row in back.rows] == [
        ("3", True),
        ("4", False),
    ]


async def test_whoever_is_erased_between_two_handfuls_stays_out_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    services, staff = desk.north.services, desk.north.staff
    new = NewNeed(person=NewPerson(name="Bo Example", phone="07700900302"), categories=("lift",))
    bo = await services.intake.take(staff, new)
    path = await desk.bring(SHEET.encode())
    await desk.post(path, sort="needs", name="Our form", dates="mdy", **desk.chosen())
    write, erased = Database.write_in_one_trip, []

    async def then_erase(self: Database, work: Any) -> Any:
        done = await write(self, work)
        if not erased:
            erased.append(bo.person_id)
            await services.people.erase(staff, bo.person_id)
        return done

    monkeypatch.setattr(Database, "write_in_one_trip", then_erase)
    await desk.post(f"{path}/run")
    assert "1 of 2 rows are done" in desk.text
    assert await services.sheet_runs.go_on() == 1
    async with services.export._desk.db.read() as tx:
        held = [services.export._desk.open_person(each).name for each in await persons.all_of_ours(tx)]
    assert held == ["Ada Example"]


async def test_letters_of_an_older_windows_are_asked_for(desk: Desk) -> None:
    path = await desk.bring("Name,Phone,Need\nPeña Example,07700 900311,Food\n".encode("windows-1252"))
    assert "Where does the file come from?" in desk.text
    await desk.post(f"{path}/read", encoding="windows-1252")
    assert "Peña Example" in desk.text


async def test_pages_of_a_spreadsheet_file_and_sheets_of_volunteers(desk: Desk) -> None:
    helpers = [
        ["Name", "Email", "How can you help?", "Do you have a car?", "Availability"],
        ["Sam Invented", "sam@example.org", "Lifts", "Yes", "after five on Mondays"],
    ]
    path = await desk.bring(workbook({"Notes": [["Whatever"], ["x"]], "Volunteers": helpers}))
    assert "Which page of the file?" in desk.text
    await desk.post(f"{path}/read", encoding="", tab="Volunteers")
    assert 'href="#' not in desk.text.split("<main", 1)[1]
    chosen = desk.chosen()
    await desk.post(path, sort="volunteers", name="Helpers", dates="", **chosen)
    await desk.post(f"{path}/words", hours="any")
    assert "New: nobody has met them yet" in desk.text, "as she would stand, not as somebody who helps"
    await desk.post(f"{path}/words", hours="ask")
    await desk.post(path, sort="volunteers", name="Helpers", dates="", open="y", **chosen)
    assert "“after five on Mondays”" in desk.text, "asked once, not row by row"
    assert "New: nobody has met them yet" not in desk.text, "these are known"
    asked = {"of:0": "hours", "word:0": "after five on Mondays"}
    await desk.post(f"{path}/words", hours="any")
    assert "any time is taken" in desk.text
    await desk.post(f"{path}/words", hours="ask")
    await desk.post(f"{path}/words", **asked, **{"means:0": "", "slot:0": "mon:evening"})
    assert "Monday: Evening" in desk.text
    await desk.post(f"{path}/run")
    assert "Brought in: 1 (volunteers)" in desk.text
    rows = await desk.north.services.people.list_volunteers(desk.north.staff)
    assert [(row.name, row.volunteer.transport) for row in rows] == [("Sam Invented", "car")]
    assert rows[0].volunteer.hours == ("mon:evening",)
    out = read_sheet(
        await desk.bytes("/export/sheet", {"what": "volunteers", "kind": "csv", "why": "a test"})
    )
    assert [row.cells["When can you help?"] for row in out.rows] == ["Mon evening"]


async def test_an_answer_of_before_is_shown_and_never_speaks_for_another_column(desk: Desk) -> None:
    headings = ["Name", "Email", "How can you help?", "Availability"]
    words = "zqdialysisqz, else fine"

    async def bring(number: int, *last: str, columns: dict[str, str] | None = None, cell: str = words) -> str:
        row = [f"Sam {number} Invented", f"sam{number}@example.org", "Lifts", cell, *last]
        table = [[*headings, *(["Notes", "Times"][: len(last)])], row]
        path = await desk.bring("\n".join(",".join(f'"{each}"' for each in line) for line in table).encode())
        await desk.post(
            path, sort="volunteers", name="Regular helpers", dates="", **(columns or desk.chosen())
        )
        return path

    path = await bring(1)
    asked = {"of:0": "hours", "word:0": words}
    await desk.post(f"{path}/words", **asked, **{"means:0": "", "slot:0": "tue:morning"})
    assert "Taken over from before" not in desk.text
    await desk.post(f"{path}/run")
    # It is kept, and in no clear column.
    async with desk.north.services.export._desk.db.read() as tx:
        (row,) = [each for each in await sheet_drafts.mappings(tx) if each.name == "Regular helpers"]
    assert "zqdialysisqz" not in row.text
    assert row.sealed is not None

    # The same words in the same column: shown with what they mean, and changed before it comes in.
    path = await bring(2)
    assert "Taken over from before" in desk.text
    assert "Regular helpers" in desk.text
    assert "As before: Tuesday: Morning" in desk.text
    await desk.post(f"{path}/words", **asked, **{"means:0": "?"})
    assert "Taken over from before" not in desk.text
    assert 'id="when"' in desk.text, "asked anew"
    await desk.post(f"{path}/words", **asked, **{"means:0": "any time"})
    await desk.post(f"{path}/drop")

    # In another column it is asked, though it was answered.
    path = await bring(
        3,
        "x",
        words,
        columns={"field:0": "name", "field:1": "email", "field:2": "categories", "field:5": "hours"},
        cell="y",
    )
    assert "Taken over from before" not in desk.text
    assert 'id="when"' in desk.text
    await desk.post(f"{path}/drop")
    # What other words say needs nobody's answer, and none is shown.
    path = await bring(4, cell="Mondays")
    assert "Taken over from before" not in desk.text
    await desk.post(f"{path}/drop")


async def test_answers_of_before_that_stood_in_the_clear_are_sealed(desk: Desk) -> None:
    service = desk.north.services.sheet_desk
    text = (
        'version = 1\nname = "Old"\nsort = "volunteers"\ndates = "ymd"\n[columns]\nname = "Helper called"\n'
    )
    text += 'hours = "Times"\n[values.hours]\n"zqclearqz" = "never"\n'
    async with desk.north.services.export._desk.db.write() as tx:
        old = MappingRow(name="Old", sort="volunteers", text=text, changed_at=1, sealed=None)
        await sheet_drafts.put_mapping(tx, old)
    await service.sweep()
    async with desk.north.services.export._desk.db.read() as tx:
        (row,) = [each for each in await sheet_drafts.mappings(tx) if each.name == "Old"]
    assert "zqclearqz" not in row.text
    assert (row.sort, row.changed_at) == ("volunteers", 1)
    path = await desk.bring(b"Helper called,Times,Email\nSam Invented,zqclearqz,sam5@example.org\n")
    await desk.post(path, sort="volunteers", name="Old", dates="", **desk.chosen())
    assert "As before: No time at present" in desk.text
    await desk.post(f"{path}/drop")


NO_SHEETS = (
    (b"", "Choose the file first"),
    (b"\xd0\xcf\x11\xe0", "of an old kind or has a password"),
    (b"%PDF-1.7", "This is not a sheet"),
    (b"A,B\n1,2,3\n", "more cells than there are headings"),
    (workbook({"A": [["A", "B"], ["1", "2"]]}, merged=["A1:B1"]), "one heading stands over several columns"),
)


async def test_what_is_no_sheet_is_said_and_nothing_is_kept(desk: Desk) -> None:
    for data, words in NO_SHEETS:
        await desk.bring(data, 422)
        assert words in desk.text
        assert "Nothing was kept of it" in desk.text
    async with desk.north.services.export._desk.db.read() as tx:
        assert not await sheet_drafts.of_staff(tx, desk.north.staff.id or "")


async def test_a_sheet_is_its_owner_s_alone_and_lies_sealed(desk: Desk) -> None:
    path = await desk.bring(SHEET.encode())
    files = b"".join(each.read_bytes() for each in desk.north.folder.glob("group.db*"))
    assert b"Ada Example" not in files
    async with desk.north.services.export._desk.db.write() as tx:
        await tx.execute("PRAGMA defer_foreign_keys = ON")
        await tx.execute(
            "INSERT INTO staff SELECT 'other', 'other', roles, state, public_key, wrapped_key, kdf, 0 FROM staff"
        )
        await tx.execute("UPDATE sheet_drafts SET staff_id = 'other'")
    await desk.get(path, 404)
    desk.north.clock.advance(days=3)
    assert await desk.north.services.sheet_desk.sweep() == 1


async def test_out_as_a_sheet_that_comes_in_again_as_nothing_new(desk: Desk) -> None:
    path = await desk.bring(SHEET.encode())
    await desk.post(path, sort="needs", name="Our form", dates="mdy", **desk.chosen())
    await desk.post(f"{path}/run")
    await desk.get("/export")
    await desk.post("/export/sheet", 422, what="needs", kind="csv", why="")
    assert "what it is for" in desk.text
    data = await desk.bytes("/export/sheet", {"what": "needs", "kind": "xlsx", "why": "the yearly report"})
    sheet = read_sheet(data)
    assert [row.cells["Name"] for row in sheet.rows] == ["Ada Example", "Bo Example"]
    async with desk.north.services.export._desk.db.read() as tx:
        (looked,) = [each for each in await audit.latest(tx) if each.action == "look.everybody"]
    assert (looked.object, looked.actor) == ("sheet:needs", desk.north.staff.label)
    await desk.get("/import")
    path = await desk.bring(data)
    await desk.post(path, sort="needs", name="From here", dates="", **desk.chosen())
    assert "There is nothing new in this sheet" in desk.text, "what went out here is known by its reference"


async def test_everything_in_one_sealed_file(desk: Desk, tmp_path: Path) -> None:
    await desk.get("/export")
    await desk.post("/export/all", 422, passphrase="eight small words", again="other")
    assert "not the same" in desk.text
    data = await desk.bytes("/export/all", {"passphrase": "eight small words", "again": "eight small words"})
    (tmp_path / "out").write_bytes(data)
    assert list(read(tmp_path / "out", "eight small words"))
    assert not list(desk.north.folder.glob(".export-*"))


async def test_where_two_people_decide_nobody_takes_anything_out_alone(desk: Desk) -> None:
    services = desk.north.services
    async with services.export._desk.db.write() as tx:
        await settings.put(tx, settings.EXPORT_YES, "two")
    await desk.get("/export")
    form = {"what": "needs", "kind": "csv", "why": "x"}
    await desk.post("/export/sheet", 409, **form)
    assert "two people" in desk.text
    await desk.post("/export/all", 422, passphrase="eight small words", again="other words")
    assert "Ask the others: Everything" in desk.text
    await desk.post("/export/ask", what="needs")
    (mine,) = (await services.taking_out.asks(desk.north.staff)).mine
    await desk.post(f"/export/ask/{mine.id}", 409, answer="yes")
    other = type(desk.north.staff)(
        kind=desk.north.staff.kind, id="another-one", name="bo", roles=desk.north.staff.roles
    )
    await services.taking_out.decide(other, mine.id, yes=True)
    await desk.get("/export")
    assert "Agreed" in desk.text
    assert b"Reference" in await desk.bytes("/export/sheet", form)
    await desk.post("/export/sheet", 409, **form)
