"""Two records of one person: made one, and parted again as if nothing had been."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import LIVE
from node.domain.consents import Consent, Consents, Purpose
from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake import Caller, NewNeed, NewPerson
from node.domain.need import Channel, NeedState
from node.domain.people.street_team import Patch
from node.domain.person import PersonState
from node.domain.volunteer import VolunteerState
from node.errors import Conflict, NotAllowed, NotFound
from node.services.asking.asking import Asking
from node.services.people.merging import Merging
from node.store import assignments, buddies, consents, households, merges, persons
from node.vault import Compartment
from tests.harness.office import Office, open_office

TABLES = ("persons", "volunteers", "needs", "consents", "assignments", "apart", "household_members")


@pytest.fixture
def merging(office: Office) -> Merging:
    return Merging(office.desk, office.roster)


async def held(office: Office) -> dict[str, Any]:
    """Everything about everybody, opened: what is sealed anew has other bytes and says the same."""
    found: dict[str, Any] = {}
    async with office.db.read() as tx:
        for table in TABLES:
            for row in await tx.execute_fetchall(f"SELECT * FROM {table}"):
                values = dict(row)
                key = (table, *(str(values[k]) for k in ("id", "person_id", "household_id") if k in values))
                if table == "persons":
                    values["sealed"] = office.desk.open_person(await persons.get(tx, values["id"]))  # type: ignore[arg-type]
                    values.pop("updated_day")
                if table == "apart":
                    values["sealed"] = office.vault.open(
                        Compartment.PEOPLE, "apart", values["id"], values["sealed"]
                    )  # type: ignore[arg-type]
                found["/".join(key)] = values
    return found


async def test_one_person_from_now_on_and_two_again(office: Office, merging: Merging) -> None:
    first = await office.call("groceries", phone="07700 900801", name="Winifred Testcase")
    again = await office.call(
        "lift", phone="07700 900801", name="Winnie Testcase", address="9 Elsewhere Lane"
    )
    helper = await office.helper()
    await office.confirmed(again.need_id, helper)
    before = await held(office)
    merge = await merging.merge(office.ana, first.person_id, again.person_id)
    view = await office.people.person(office.ana, first.person_id)
    assert {need.id for need in view.needs} == {first.need_id, again.need_id}
    assert view.details.name == "Winifred Testcase"
    assert [card.person_id for card in await office.intake.find_known(office.ana, "07700 900801")] == [
        first.person_id
    ]
    assert await merging.doubles(office.ana) == []
    assert [each.id for each in await merging.joined(office.ana, first.person_id)] == [merge]
    await merging.part(office.ana, merge)
    assert await held(office) == before
    assert await merging.doubles(office.ana) == [], "two people are not offered again"
    with pytest.raises(NotFound):
        await merging.part(office.ana, merge)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.tuples(
        st.lists(st.sampled_from(["groceries", "lift", "childcare"]), min_size=1, max_size=3, unique=True),
        st.lists(st.sampled_from(["groceries", "lift", "childcare"]), min_size=1, max_size=3, unique=True),
    ),
    helps=st.tuples(st.booleans(), st.booleans()),
    helped=st.tuples(st.booleans(), st.booleans()),
    barred=st.tuples(st.booleans(), st.booleans()),
    suspended=st.tuples(st.booleans(), st.booleans()),
    kept_apart=st.tuples(st.booleans(), st.booleans()),
    same_house=st.booleans(),
)
def test_merge_then_part_is_the_identity(
    kinds: tuple[list[str], list[str]],
    helps: tuple[bool, bool],
    helped: tuple[bool, bool],
    barred: tuple[bool, bool],
    suspended: tuple[bool, bool],
    kept_apart: tuple[bool, bool],
    same_house: bool,
) -> None:
    async def run(folder: Path) -> None:
        async with open_office(folder) as office:
            merging = Merging(office.desk, office.roster)
            ids, stranger = [], await office.helper("Stranger Pretend")
            worker = await office.helper("Worker Pretend")
            for side in (0, 1):
                taken = await office.call(*kinds[side], phone="07700 900802", name=f"Winifred {side}")
                ids.append(taken.person_id)
                if helps[side]:
                    await office.helper(f"Winifred {side}", known_person=taken.person_id, person=NewPerson())
                if helped[side] and not any(barred):
                    await office.confirmed(taken.need_id, worker)
                if suspended[side] and helps[side]:
                    await office.people.suspend(office.ana, taken.person_id, "odd")
                if kept_apart[side]:
                    await office.people.keep_apart(office.ana, taken.person_id, stranger)
                if barred[side]:
                    await office.people.bar(office.ana, taken.person_id, "odd")
            if same_house:
                async with office.db.write() as tx:
                    await tx.execute("INSERT INTO households(id, created_day) VALUES('h', '2026-11-02')")
                    await tx.execute(
                        "INSERT INTO household_members(person_id, household_id) VALUES(?, 'h'), (?, 'h')", ids
                    )
            before = await held(office)
            merge = await merging.merge(office.ana, ids[0], ids[1])
            async with office.db.read() as tx:
                one = await persons.get(tx, ids[0])
            assert one is not None
            assert one.person.state == (PersonState.BARRED if any(barred) else PersonState.ACTIVE)
            await office.roster.ready()
            assert (stranger in office.roster.apart_from(ids[0])) == any(kept_apart)
            assert office.roster.get(ids[1]) is None
            assert (office.roster.get(ids[0]) is not None) == any(helps)
            if helper := office.roster.get(ids[0]):
                gone_out = any(s and h for s, h in zip(suspended, helps, strict=True))
                assert (helper.volunteer.state is VolunteerState.SUSPENDED) == gone_out
            await merging.part(office.ana, merge)
            assert await held(office) == before

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


async def test_what_was_decided_since_stays_and_strictness_holds_for_both(
    office: Office, merging: Merging
) -> None:
    one, other = [await office.call(phone=f"07700 90081{n}") for n in (1, 2)]
    stranger = await office.helper()
    merge = await merging.merge(office.ana, one.person_id, other.person_id)
    await office.people.bar(office.ana, one.person_id, "odd")
    await office.people.keep_apart(office.ana, one.person_id, stranger)
    later = await office.call("lift", phone="07700 900811")
    await merging.part(office.ana, merge)
    async with office.db.read() as tx:
        rows = [await persons.get(tx, each) for each in (one.person_id, other.person_id)]
    assert [row.person.state for row in rows if row] == [PersonState.BARRED] * 2
    await office.roster.ready()
    for each in (one.person_id, other.person_id):
        assert stranger in office.roster.apart_from(each)
    assert later.person_id != other.person_id


async def test_tasks_that_the_one_record_forbids_are_taken_back(office: Office, merging: Merging) -> None:
    asker, double = [await office.call(phone=f"07700 90082{n}") for n in (1, 2)]
    helper = await office.helper()
    await office.confirmed(asker.need_id, helper)
    await office.people.keep_apart(office.ana, double.person_id, helper)
    await merging.merge(office.ana, asker.person_id, double.person_id)
    assert await office.state(asker.need_id) == "open"


async def test_of_two_helpers_every_check_counts_in_its_order(office: Office, merging: Merging) -> None:
    one, other = [await office.helper(f"Winifred {n}") for n in (1, 2)]
    today = office.desk.today

    async def note(who: PersonId, level: str, decision: str = "cleared") -> None:
        office.clock.advance(seconds=60)
        await office.vetting.note(office.ana, who, level=level, seen=today, decision=decision)

    async def cleared(who: PersonId) -> list[str]:
        return [each.check for each in (await office.vetting.held(office.ana, who)).cleared]

    await note(one, "id")
    await note(one, "criminal_record")
    await note(other, "criminal_record", "not_cleared")
    before = await cleared(one), await cleared(other)
    merge = await merging.merge(office.ana, one, other)
    assert await cleared(one) == ["id"], "what one record took away is not given by the other"
    await merging.part(office.ana, merge)
    assert (await cleared(one), await cleared(other)) == before
    merge = await merging.merge(office.ana, one, other)
    await note(one, "id", "not_cleared")
    await merging.part(office.ana, merge)
    assert await cleared(one) == [], "what was found since stays"


async def test_who_cannot_be_made_one(office: Office, merging: Merging) -> None:
    one, other, third = [(await office.call()).person_id for _ in range(3)]
    await office.people.keep_apart(office.ana, one, other)
    with pytest.raises(Conflict) as refused:
        await merging.merge(office.ana, one, other)
    first = await merging.merge(office.ana, one, third)
    with pytest.raises(Conflict) as same_words:
        await merging.merge(office.ana, other, third)
    assert refused.value.message == same_words.value.message, "the reason is told to nobody"
    with pytest.raises(NotAllowed):
        await merging.merge(office.triage, one, other)
    fourth = (await office.call()).person_id
    await merging.merge(office.ana, fourth, one)
    with pytest.raises(Conflict):
        await merging.part(office.ana, first)
    async with office.db.read() as tx:
        assert set(await merges.inside(tx, fourth)) == {one, third}


async def test_erasing_the_one_erases_what_both_records_held(office: Office, merging: Merging) -> None:
    one, other = [await office.call() for _ in range(2)]
    await merging.merge(office.ana, one.person_id, other.person_id)
    await office.people.erase(office.ana, one.person_id)
    async with office.db.read() as tx:
        assert [await persons.get(tx, each.person_id) for each in (one, other)] == [None, None]
        assert list(await tx.execute_fetchall("SELECT * FROM merges")) == []


async def test_doubles_are_found_by_number_mail_and_door(office: Office, merging: Merging) -> None:
    await office.call(name="José Testcase", phone="", address="1 Imaginary Row")
    await office.call(name="Jose Testcase", phone="", address="1, imaginary row")
    await office.call(name="Ada Pretend", phone="07700 900831")
    await office.call(name="Ida Pretend", phone="+44 7700 900831")
    await office.call(name="Nobody Else", phone="07700 900832")
    found = await merging.doubles(office.ana)
    assert sorted(pair.why for pair in found) == [("phone",), ("twin",)]
    assert await merging.count(office.ana) == 2
    pair = next(each for each in found if each.why == ("phone",))
    await merging.are_two(office.ana, pair.other.person_id, pair.one.person_id)
    assert [each.why for each in await merging.doubles(office.ana)] == [("twin",)]
    with pytest.raises(NotFound):
        await merging.are_two(office.ana, PersonId("nobody"), pair.one.person_id)


async def ask_for(
    office: Office, name: str, *, by: str, address: str, phone: str = "", wants: str = ""
) -> NeedId:
    """Omar asks on the page for somebody else; ``wants``: how he is written to."""
    asking = Asking(office.desk, office.roster, office.intake, office.incidents)
    told = NewPerson(name="Omar Pretend", phone=by, email=wants, contact_by="email") if wants else None
    new = NewNeed(
        channel=Channel.PAGE,
        for_self=False,
        caller=Caller(name="Omar Pretend", phone=by, tie="neighbour"),
        person=NewPerson(name=name, phone=phone, address=address),
        categories=("groceries",),
        consents=Consents(help_you=True),
    )
    return (await asking.ask(new, told=told)).taken.need_id


async def test_who_was_asked_for_twice_is_offered_and_nothing_is_made_one_by_itself(
    office: Office, merging: Merging
) -> None:
    by, omar = "07700 900861", "omar@example.org"
    first = await ask_for(office, "Edna Pretend", by=by, address="5 Nowhere Lane", wants=omar)
    assert not await merging.of_request(office.ana, first)
    again = await ask_for(office, "edna", by="+44 7700 900861", address="Flat 2, Nowhere La", wants=omar)
    assert await merging.count(office.ana) == 2
    found = {pair.why: {pair.one.name, pair.other.name} for pair in await merging.doubles(office.ana)}
    assert found == {
        ("phone", "email"): {"Omar Pretend"},
        ("asker",): {"Edna Pretend", "edna"},
    }
    assert [await merging.of_request(office.ana, each) for each in (first, again)] == [True, True]
    assert len({(await office.board.need(office.ana, each)).need.person_id for each in (first, again)}) == 2
    # Another one he asks for, and the same name by another one: two people.
    other = await ask_for(office, "Ida Pretend", by=by, address="5 Nowhere Lane")
    same = await ask_for(office, "Edna Pretend", by="07700 900862", address="9 Elsewhere Road")
    assert [await merging.of_request(office.ana, each) for each in (other, same)] == [False, False]

    pair = next(each for each in await merging.doubles(office.ana) if each.why == ("asker",))
    merge = await merging.merge(office.ana, pair.one.person_id, pair.other.person_id)
    assert await merging.count(office.ana) == 1, "those two are one now"
    await merging.part(office.ana, merge)
    assert await merging.count(office.ana) == 1, "and two again, by somebody's word"


async def test_who_asks_and_whom_she_asks_for_are_no_double_by_one_number(
    office: Office, merging: Merging
) -> None:
    by = "07700 900863"
    need = await ask_for(office, "Edna Pretend", by=by, phone=by, address="", wants="omar2@example.org")
    assert await merging.count(office.ana) == 0
    assert not await merging.of_request(office.ana, need)
    # Whoever was here before under that number may be either: that is for the desk to say.
    await office.call(name="Omar Pretend", phone=by)
    assert await merging.count(office.ana) == 2
    assert await merging.of_request(office.ana, need)
    office.vault.lock(Compartment.PEOPLE)
    assert await merging.count(office.ana) == 2, "without a name, also while locked"


async def test_nobody_stays_her_own_helper_or_buddy(office: Office, merging: Merging) -> None:
    need = await office.need("groceries")
    asker = (await office.board.need(office.ana, need)).need.person_id
    assert asker is not None
    helper = await office.helper("Same Person")
    await office.buddies.begin(office.ana, asker, helper, person_said=True, helper_said=True)
    await office.dispatch.assign(office.ana, need, helper)
    merge = await merging.merge(office.ana, asker, helper)
    view = await office.board.need(office.ana, need)
    assert view.need.state is NeedState.OPEN, "it looks for somebody again"
    async with office.db.read() as tx:
        assert await buddies.of_person(tx, asker) == [], "no standing pair"
    await merging.part(office.ana, merge)
    await office.dispatch.assign(office.ana, need, helper)


@pytest.mark.parametrize("further", ["kept", "gone"])
async def test_one_person_fills_one_place(office: Office, merging: Merging, further: str) -> None:
    need = await office.need("groceries", helpers=2)
    one, two = await office.helper("Sam One"), await office.helper("Sam One")
    ahead, behind = (one, two) if further == "kept" else (two, one)
    await office.dispatch.assign(office.ana, need, ahead)
    await office.dispatch.propose(office.ana, need, behind)
    await merging.merge(office.ana, one, two)
    async with office.db.read() as tx:
        live = [task for task in await assignments.of_need(tx, need) if task.state in LIVE]
    assert [(task.person_id, task.state) for task in live] == [(one, AssignmentState.APPROVED)]


async def test_she_lives_with_others_and_belongs_to_a_team_once(office: Office, merging: Merging) -> None:
    one, two = await office.helper("Sam One"), await office.helper("Sam One")
    await office.households.join(office.ana, one, two)
    team = await office.street_teams.save(
        office.ana, None, name="Elm", patch=Patch(streets=("Elm Street",)), members=(one, two)
    )
    merge = await merging.merge(office.ana, one, two)
    async with office.db.read() as tx:
        assert list(await households.living_with(tx, one)) == []
    assert [who for who, _ in (await office.street_teams.one(office.ana, team)).members] == [one]
    await merging.part(office.ana, merge)
    async with office.db.read() as tx:
        assert list(await households.living_with(tx, one)) == [two]
    assert len((await office.street_teams.one(office.ana, team)).members) == 2


async def test_a_no_is_not_lost_by_the_number_of_an_answer_that_was_erased(
    office: Office, merging: Merging
) -> None:
    one = await office.call("groceries", phone="07700 900801", name="Wilma Invented")
    two = await office.call("lift", phone="07700 900801", name="W Invented", address="9 Imaginary Row")
    last = await office.call("lift", phone="07700 900899", name="Zoe Invented", address="1 Nowhere Lane")
    merge = await merging.merge(office.ana, one.person_id, two.person_id)
    await office.people.erase(office.ana, last.person_id)
    office.clock.advance(minutes=1)
    no = Consent(
        purpose=Purpose.KEEP_DETAILS, answer=False, wording="w", at=office.desk.now, by_actor="staff:x"
    )
    async with office.db.write() as tx:
        await consents.add(tx, no, person_id=one.person_id, need_id=None)
    await merging.part(office.ana, merge)
    async with office.db.read() as tx:
        words = [
            await consents.last_word(tx, each, Purpose.KEEP_DETAILS)
            for each in (one.person_id, two.person_id)
        ]
    assert words == [False, False]
