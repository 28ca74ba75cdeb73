"""A volunteer feels unsafe: told from her task, on her device only, for those alone who look after safety."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from node.domain.actors import volunteer_actor
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.exchange.away_task import Seen
from node.domain.ids import AssignmentId, PersonId
from node.domain.safety.incidents import Part, Source, Teller, part_from, part_record
from node.errors import Conflict, Invalid, NotFound
from node.services.exchange.away_tasks import become
from node.services.links import OwnTask, device_hash, token_hash
from node.services.safety.helpers_unsafe import AFTER_DAYS, HelpersUnsafe
from node.store import alert_things, runs, staff
from node.vault.keys import KeyPair
from tests.harness.alert_room import alert_room
from tests.harness.office import Office

HERE, ELSEWHERE = "the-volunteers-own-telephone", "somebody-elses"
WORDS = "He locked the door behind me"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with alert_room(tmp_path) as room:
        yield room.office


async def told(office: Office) -> int:
    """How many wait for whoever looks after safety."""
    async with office.db.read() as tx:
        return len(await alert_things.unsafe(tx))


async def test_from_her_own_device_or_signed_in_and_from_nowhere_else(office: Office) -> None:
    unsafe = HelpersUnsafe(office.desk, office.incidents)
    sam = await office.helper()
    task = await office.confirmed(await office.need("groceries"), sam)
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, HERE)
    for device in (ELSEWHERE, None):
        with pytest.raises(Conflict):
            await unsafe.tell(token, device, WORDS)
    for key in ("A" * 22, "", OwnTask("somebody", task)):
        with pytest.raises(NotFound):
            await unsafe.tell(key, HERE, WORDS)
    with pytest.raises(Invalid):
        await unsafe.tell(token, HERE, "  ")
    assert await told(office) == 0
    office.lock()
    await unsafe.may(token)
    await unsafe.tell(token, HERE, WORDS)
    await unsafe.tell(OwnTask(sam, task), None, WORDS)
    assert await told(office) == 2


async def test_on_a_task_for_another_group_too(office: Office) -> None:
    unsafe = HelpersUnsafe(office.desk, office.incidents)
    sam, token, now = await office.helper(), "B" * 22, office.desk.now
    link = {"link_hash": token_hash(token), "link_expires": now + 1000, "device_hash": device_hash(HERE)}
    away = await office.elsewhere(sam, Seen(category="groceries", cell="8719", urgency="this_week"), **link)
    with pytest.raises(Conflict):
        await unsafe.tell(token, ELSEWHERE, WORDS)
    await unsafe.tell(token, HERE, WORDS)
    await unsafe.tell(OwnTask(sam, away.id), None, WORDS)
    assert await told(office) == 2
    office.clock.advance(seconds=1001)
    with pytest.raises(NotFound):
        await unsafe.tell(token, HERE, WORDS)


async def test_the_report_says_who_told_it_of_which_task_and_names_the_others(office: Office) -> None:
    unsafe, key = HelpersUnsafe(office.desk, office.incidents), KeyPair.new()
    async with office.db.write() as tx:
        await staff.set_key(tx, office.safety.id or "", public_key=key.public, wrapped_key=b"w", kdf="{}")
    sam, pat, kit, lee = [await office.helper(f"{name} Pretend") for name in ("Sam", "Pat", "Kit", "Lee")]
    taken = await office.call("groceries", helpers=2)
    need = (await office.board.need(office.ana, taken.need_id)).need
    for person in (pat, sam):
        task = await office.confirmed(taken.need_id, person)
        if person == pat:
            await office.dispatch.withdraw(office.ana, task)
    asked = await office.dispatch.propose(office.ana, taken.need_id, kit)
    await office.dispatch.withdraw(office.ana, asked)
    await office.dispatch.propose(office.ana, taken.need_id, lee)
    await unsafe.tell(OwnTask(sam, task), None, WORDS)
    [row] = (await office.incidents.shelf(office.safety, key)).rows
    # Whoever was only asked was never there; whoever was taken off it may have been.
    assert row.report.about == (taken.person_id, pat) == row.report.to_stop
    assert row.report.source == Source(
        teller=Teller.HELPER, person=sam, requests=((taken.need_id, need.reference),)
    )
    assert await office.incidents.about(office.safety, key, row.id) == (taken.person_id, pat)

    seen = Seen(category="groceries", cell="8719", urgency="this_week")
    away = await office.elsewhere(sam, seen)
    await unsafe.tell(OwnTask(sam, away.id), None, WORDS)
    elsewhere = next(
        each.report
        for each in (await office.incidents.shelf(office.safety, key)).rows
        if each.report.source and each.report.source.category
    )
    assert elsewhere.source == Source(teller=Teller.HELPER, person=sam, category="groceries")
    assert elsewhere.about == ()


def test_what_was_sealed_before_still_opens_and_offers_to_stop_nobody() -> None:
    """Then teller and other stood together, and nothing said which was which."""
    part = Part(what="report", text=WORDS, by=None, at=1, readers=None, about=("sam", "asker"))
    sealed = part_record(part)
    del sealed["source"]
    assert part_from(sealed) == part
    assert part.to_stop == ()
    assert part_from(part_record(replace(part, by="ana"))).to_stop == ("sam", "asker")


async def test_also_when_she_is_off_it_again_for_some_months(office: Office) -> None:
    """ "Leave first" is what the page says: giving it back, or being taken off it, must not shut the way to say why."""
    unsafe, sam = HelpersUnsafe(office.desk, office.incidents), await office.helper()
    kim = await office.helper("Kim Pretend")

    async def opened(person: PersonId) -> tuple[str, AssignmentId]:
        task = await office.confirmed(await office.need("groceries"), person)
        token = await office.dispatch.task_link(office.ana, task)
        await office.tasks.confirm(token, HERE)
        return token, task

    token, task = await opened(sam)
    assert not await unsafe.left(token, HERE), "it is hers"
    assert await unsafe.past(volunteer_actor(sam)) == []
    await office.tasks.answer(token, HERE, AssignmentMove.RELEASE)
    taken, _ = await opened(sam)
    await office.dispatch.withdraw(office.ana, _)
    done, _ = await opened(sam)
    await office.dispatch.report_done(office.ana, _)
    only_asked = await office.dispatch.propose(office.ana, await office.need("groceries"), sam)
    asked = await office.dispatch.task_link(office.ana, only_asked)
    await office.tasks.answer(asked, HERE, AssignmentMove.INTEREST)
    await office.dispatch.withdraw(office.ana, only_asked)
    office.clock.advance(days=40)
    office.lock()
    for each in (token, taken, done):
        assert await unsafe.left(each, HERE)
        assert not await unsafe.left(each, ELSEWHERE)
        assert not await unsafe.may(each)
        with pytest.raises(Conflict):
            await unsafe.tell(each, ELSEWHERE, WORDS)
        await unsafe.tell(each, HERE, WORDS)
        with pytest.raises(NotFound):
            await office.tasks.task_by_token(each, HERE)
    assert not await unsafe.left(asked, HERE)
    with pytest.raises(NotFound):
        await unsafe.tell(asked, HERE, WORDS)
    # Signed in, with no link at all.
    past = await unsafe.past(volunteer_actor(sam))
    assert (len(past), {each.id for each in past} >= {task}) == (3, True)
    await unsafe.tell(OwnTask(sam, task), None, WORDS)
    with pytest.raises(NotFound):
        await unsafe.tell(OwnTask(kim, task), None, WORDS)
    assert await told(office) == 4
    office.clock.advance(days=AFTER_DAYS - 39)
    assert not await unsafe.left(token, HERE)
    assert await unsafe.past(volunteer_actor(sam)) == []


async def test_a_slip_of_the_finger_leaves_nothing_behind(office: Office) -> None:
    unsafe, sam = HelpersUnsafe(office.desk, office.incidents), await office.helper()
    task = await office.confirmed(await office.need("groceries"), sam)
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, HERE)
    await office.tasks.answer(token, HERE, AssignmentMove.RELEASE)
    await office.undo.of_hers(token, HERE)
    assert await unsafe.may(token), "hers again, on its own page"
    anew = await office.dispatch.task_link(office.ana, task)
    assert not await unsafe.left(token, HERE)
    with pytest.raises(NotFound):
        await unsafe.tell(token, HERE, WORDS)
    assert await unsafe.may(anew)


async def test_off_a_task_for_another_group_too(office: Office) -> None:
    unsafe = HelpersUnsafe(office.desk, office.incidents)
    sam, token, now = await office.helper(), "B" * 22, office.desk.now
    link = {"link_hash": token_hash(token), "link_expires": now + 1000, "device_hash": device_hash(HERE)}
    seen = Seen(category="groceries", cell="8719", urgency="this_week")
    away = await office.elsewhere(sam, seen, held_at=now, **link)
    async with office.db.write() as tx:
        await become(tx, office.desk, volunteer_actor(sam), away, AssignmentState.RELEASED, "task.release")
    assert await unsafe.left(token, HERE)
    assert not await unsafe.left(token, ELSEWHERE)
    await unsafe.tell(token, HERE, WORDS)
    await unsafe.tell(OwnTask(sam, away.id), None, WORDS)
    assert [each.group for each in await unsafe.past(volunteer_actor(sam))] == ["?"]
    assert await told(office) == 2


async def test_at_a_door_of_a_round(office: Office) -> None:
    unsafe, driver = HelpersUnsafe(office.desk, office.incidents), await office.helper("Vera Invented")
    need = await office.need("groceries")
    run = (await office.runs.plan(office.ana, day=office.desk.today, driver=driver, needs=[need])).run_id
    token = await office.runs.link(office.ana, run)
    await office.run_links.open_here(token, HERE)
    async with office.db.read() as tx:
        (stop,) = await runs.stops(tx, run)
    for device in (ELSEWHERE, None):
        with pytest.raises(Conflict):
            await office.run_links.at_door(token, device, stop.assignment_id)
        await office.run_links.at_door(token, device, stop.assignment_id, looks=True)
    with pytest.raises(NotFound):
        await office.run_links.at_door(token, HERE, AssignmentId("another"))
    with pytest.raises(Invalid):
        await unsafe.at_a_door(stop.assignment_id, " ")
    assert await told(office) == 0
    office.lock()
    await unsafe.at_a_door(await office.run_links.at_door(token, HERE, stop.assignment_id), WORDS)
    assert await told(office) == 1
