"""What somebody is told of her own task: once, while it is true, and nothing that she did herself."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.actors import SYSTEM, volunteer_actor
from node.domain.assignment import AssignmentState, Fallen
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.views import TaskStage
from node.domain.dispatch.undo import WhyNot
from node.domain.ids import AssignmentId
from node.domain.need import CloseReason, Urgency, Window
from node.domain.notices.notice import Kind
from node.domain.volunteer import Stage
from node.errors import Conflict
from node.services.links import OwnTask
from node.store import assignments, settings
from tests.harness.mailroom import URL, Mailroom, mailroom
from tests.harness.office import point

SAM = "sam.pretend@example.net"
HERE = "her telephone"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Mailroom]:
    async with mailroom(tmp_path) as opened:
        yield opened


async def settled(room: Mailroom) -> list[str]:
    """What she reads after a few minutes: the subjects, the latest last."""
    room.office.clock.advance(minutes=3)
    before = len(room.post.mails)
    await room.turn()
    return [mail.message["Subject"] for mail in room.post.mails[before:]]


async def test_asked_confirmed_and_called_off_are_told_once_each(room: Mailroom) -> None:
    office, sam = room.office, await room.helper(SAM)
    need = await office.need("groceries")
    task = await office.dispatch.propose(office.ana, need, sam)
    assert await room.turn() == 0, "whoever mis-clicked can still take it back"
    assert await settled(room) == ["Could you do this? Shopping"]
    assert f"{URL}/my/task/{task}" in room.post.mails[-1].part("plain")
    assert await settled(room) == []
    await office.dispatch.approve(office.ana, AssignmentId(task))
    assert await settled(room) == ["It is yours: Shopping"]
    await office.dispatch.close(office.ana, need, CloseReason.NO_LONGER_NEEDED)
    assert await settled(room) == ["You need not go: Shopping"]
    assert await settled(room) == []


async def test_whoever_got_her_link_from_us_is_not_asked_again(room: Mailroom) -> None:
    office, sam = room.office, await room.helper(SAM)
    task = await office.dispatch.propose(office.ana, await office.need("groceries"), sam)
    await office.dispatch.task_link(office.ana, AssignmentId(task))
    assert await settled(room) == []


async def test_what_changed_again_meanwhile_is_not_told(room: Mailroom) -> None:
    office, sam = room.office, await room.helper(SAM)
    task = await office.dispatch.propose(office.ana, await office.need("groceries"), sam)
    office.clock.advance(minutes=3)
    await room.notices.find()
    await office.dispatch.decline(office.ana, AssignmentId(task))
    await room.notices.deliver()
    assert room.post.mails == []


async def test_what_is_days_old_is_no_news(room: Mailroom) -> None:
    office, sam = room.office, await room.helper(SAM)
    await office.dispatch.propose(office.ana, await office.need("groceries"), sam)
    office.clock.advance(days=2)
    assert await settled(room) == []


async def test_whom_no_message_reaches_is_on_the_list_to_ring_until_somebody_did(room: Mailroom) -> None:
    office = room.office
    rung, mailed = await office.helper(name="Rita Pretend"), await room.helper(SAM)
    need = await office.need("groceries")
    asked = await office.dispatch.propose(office.ana, need, rung)
    await office.dispatch.propose(office.ana, await office.need("lift"), mailed)
    assert "Could you do this? A lift by car" in await settled(room)
    (line,) = (await room.notices.outbox(office.ana)).ring
    assert (line.page, line.kind) == (f"/board/{need}", Kind.ASKED)
    await office.dispatch.task_link(office.ana, AssignmentId(asked))
    assert (await room.notices.outbox(office.ana)).ring == ()
    # An address that does not work puts whoever was told there on the list.
    room.post.refuses[SAM] = "550 no such mailbox"
    await office.dispatch.propose(office.ana, await office.need("phone_call"), mailed)
    assert await settled(room) == []
    assert [each.kind for each in (await room.notices.outbox(office.ana)).ring] == [Kind.ASKED]


async def test_what_a_message_told_her_is_not_undone_behind_her_back(room: Mailroom) -> None:
    office, sam = room.office, await room.helper(SAM)
    need = await office.need("groceries")
    task = await office.dispatch.assign(office.ana, need, sam)
    assert await settled(room) == ["It is yours: Shopping"]
    assert await office.undo.offered(office.ana, need) is None
    with pytest.raises(Conflict) as refused:
        await office.undo.undo(office.ana, need)
    assert refused.value.values["why"] == WhyNot.TOLD
    # By hand she hears of it; and that this, too, was a mistake, by a new task.
    await office.dispatch.withdraw(office.ana, AssignmentId(task))
    assert await settled(room) == ["You need not go: Shopping"]
    with pytest.raises(Conflict):
        await office.undo.undo(office.ana, need)
    await office.dispatch.assign(office.ana, need, sam, why="she can after all")
    assert await settled(room) == ["It is yours: Shopping"]


async def test_what_has_not_gone_yet_is_undone_and_never_told(room: Mailroom) -> None:
    office, sam = room.office, await room.helper(SAM)
    need = await office.need("groceries")
    task = await office.dispatch.assign(office.ana, need, sam)
    await settled(room)
    await office.dispatch.withdraw(office.ana, AssignmentId(task))
    office.clock.advance(minutes=3)
    await room.notices.find()  # written down, and not sent yet
    await office.undo.undo(office.ana, need)
    before = len(room.post.mails)
    await room.notices.deliver()
    assert len(room.post.mails) == before
    await office.dispatch.withdraw(office.ana, AssignmentId(task))
    assert await settled(room) == ["You need not go: Shopping"], "and this time it is meant"


async def test_an_ask_is_undone_whoever_read_it(room: Mailroom) -> None:
    """Her page says that nobody is needed; nobody waits for her."""
    office, sam = room.office, await room.helper(SAM)
    need = await office.need("groceries")
    await office.dispatch.propose(office.ana, need, sam)
    assert await settled(room) == ["Could you do this? Shopping"]
    await office.undo.undo(office.ana, need)
    assert (await office.board.need(office.ana, need)).assignments == ()


@pytest.mark.parametrize("mailed", [True, False])
async def test_another_day_is_told_whoever_knew_that_it_is_hers_and_did_not_look_since(
    room: Mailroom, *, mailed: bool
) -> None:
    office = room.office
    who = await room.helper(SAM) if mailed else await office.helper(name="Rita Pretend")
    day = office.desk.today + timedelta(days=2)
    need = await office.need("groceries", window=Window(first=day, last=day))
    task = await office.confirmed(need, who)

    async def moved_to(days: int) -> None:
        said = await office.corrections.now(office.ana, need)
        other = Window(first=day + timedelta(days=days), last=day + timedelta(days=days))
        await office.corrections.correct(office.ana, need, replace(said, window=other), point(0))

    async def rung() -> list[Kind]:
        return [each.kind for each in (await room.notices.outbox(office.ana)).ring]

    await moved_to(1)
    assert await settled(room) == (["It is yours: Shopping"] if mailed else []), "with the day that it has"
    if not mailed:
        await room.notices.ringing.reached(office.ana, task, Kind.CONFIRMED)
        assert await rung() == []
    office.clock.advance(minutes=1)
    await moved_to(5)
    assert await settled(room) == (["Another day or time: Shopping"] if mailed else [])
    if mailed:
        said = room.post.mails[-1].part("plain")
        assert f"{URL}/my/task/{task}" in said
        assert f" {(day + timedelta(days=5)).day} " in said
    else:
        (line,) = (await room.notices.outbox(office.ana)).ring
        assert (line.kind, line.want.window) == (
            Kind.MOVED,
            Window(first=day + timedelta(days=5), last=day + timedelta(days=5)),
        )
        await room.notices.ringing.reached(office.ana, task, Kind.MOVED)
    assert (await settled(room), await rung()) == ([], [])
    # Read on her page it is no news; put right in something else neither.
    await moved_to(6)
    office.clock.advance(minutes=1)
    await office.tasks.confirm(OwnTask(who, task), HERE)
    assert (await settled(room), await rung()) == ([], [])
    other = replace(await office.corrections.now(office.ana, need), notes="the blue door")
    await office.corrections.correct(office.ana, need, other, point(0))
    assert (await settled(room), await rung()) == ([], [])


@pytest.mark.parametrize("mailed", [True, False])
async def test_a_round_on_another_day_is_told_whoever_drives_once(room: Mailroom, *, mailed: bool) -> None:
    office = room.office
    who = await room.helper(SAM) if mailed else await office.helper(name="Rita Pretend")
    needs, day = [await office.need("groceries"), await office.need("lift")], office.desk.today
    run = (await office.runs.plan(office.ana, day=day, driver=who, needs=needs)).run_id
    await office.runs.link(office.ana, run)
    await settled(room)
    for line in (await room.notices.outbox(office.ana)).ring:
        await room.notices.ringing.reached(office.ana, line.task_id, line.kind)
    office.clock.advance(minutes=1)
    await office.runs.set_day(office.ana, run, day + timedelta(days=2))
    said = await settled(room)
    lines = (await room.notices.outbox(office.ana)).ring
    assert (len(said), len(lines)) == ((1, 0) if mailed else (0, 1))
    if mailed:
        assert said[0].startswith("Another day or time: ")
        assert f"{URL}/my" in room.post.mails[-1].part("plain").splitlines()
    else:
        assert lines[0].kind is Kind.MOVED
        await room.notices.ringing.reached(office.ana, lines[0].task_id, Kind.MOVED)
    assert await settled(room) == []
    assert (await room.notices.outbox(office.ana)).ring == ()


@pytest.mark.parametrize("mailed", [True, False])
@pytest.mark.parametrize("claims", ["helper", "coordinator"])
async def test_whoever_knows_by_herself_that_it_is_hers_hears_that_it_is_off(
    room: Mailroom, claims: str, *, mailed: bool
) -> None:
    """Her own yes was enough, or she read on her page where to go: no message of ours had said that it is hers."""
    office = room.office
    async with office.db.write() as tx:
        await settings.put(tx, settings.CLAIMS, claims)
    who = await room.helper(SAM) if mailed else await office.helper(name="Rita Pretend")
    need = await office.need("groceries")
    task = await office.own_offers.offer(volunteer_actor(who), need, HERE)
    if claims == "coordinator":
        await office.dispatch.approve(office.ana, task)
        view = await office.tasks.task_by_token(OwnTask(who, task), HERE)
        assert view.details is not None
        await office.dispatch.close(office.ana, need, CloseReason.NO_LONGER_NEEDED)
    else:
        await office.tasks.answer(OwnTask(who, task), HERE, AssignmentMove.CONTACT)
        await office.dispatch.close(office.ana, need, CloseReason.NO_LONGER_NEEDED)
    assert await settled(room) == (["You need not go: Shopping"] if mailed else [])
    ring = [each.kind for each in (await room.notices.outbox(office.ana)).ring]
    assert ring == ([] if mailed else [Kind.CALLED_OFF])


async def test_whoever_was_sent_a_link_when_it_was_hers_hears_that_it_is_off(room: Mailroom) -> None:
    office, rita = room.office, await room.office.helper(name="Rita Pretend")
    need, other = await office.need("groceries"), await office.need("lift")
    task, asked = await office.confirmed(need, rita), await office.dispatch.propose(office.ana, other, rita)
    await office.dispatch.task_link(office.ana, task)
    await office.dispatch.task_link(office.ana, AssignmentId(asked))
    for each in (need, other):
        await office.dispatch.close(office.ana, each, CloseReason.NO_LONGER_NEEDED)
    office.clock.advance(minutes=3)
    (line,) = (await room.notices.outbox(office.ana)).ring
    assert (line.task_id, line.kind) == (task, Kind.CALLED_OFF), "asked alone, nobody sets out"


async def test_before_a_task_ends_unheard_she_is_asked_and_after_it_told(room: Mailroom) -> None:
    """Once each, and never whoever said something meanwhile, nor of what only waits for our own word."""
    office, sam = room.office, await room.helper(SAM)
    due = office.desk.today + timedelta(days=2)
    need = await office.need("groceries", window=Window(first=due, last=due))
    task = await office.dispatch.assign(office.ana, need, sam)
    assert await settled(room) == ["It is yours: Shopping"]
    heard: list[tuple[int, str]] = []
    for day in range(1, 9):
        office.clock.advance(hours=24)
        await office.dispatch.expire_waiting(SYSTEM)
        heard += [(day, subject) for subject in await settled(room)]
    said = [subject for _, subject in heard]
    assert said == ["Tomorrow: Shopping", "We have not heard from you: Shopping", "No longer yours: Shopping"]
    (asked, over) = (day for day, _ in heard[1:])
    assert (asked, over - asked) == (6, 1), "four days after its day: somebody here asked the day before"
    reminder = next(mail for mail in room.post.mails if "not heard" in mail.message["Subject"])
    assert f"{URL}/my/task/{task}" in reminder.part("plain")
    assert await office.state(need) == "open"


async def test_what_is_on_a_round_days_ahead_is_not_asked_about_before_it(room: Mailroom) -> None:
    office, sam = room.office, await room.helper(SAM)
    needs = [await office.need("groceries"), await office.need("lift")]
    day = office.desk.today + timedelta(days=9)
    await office.runs.plan(office.ana, day=day, driver=sam, needs=needs)
    await settled(room)
    heard: dict[int, list[str]] = {}
    for _ in range(15):
        office.clock.advance(hours=24)
        await office.dispatch.expire_waiting(SYSTEM)
        if said := await settled(room):
            heard[(office.desk.today - day).days] = [subject.partition(":")[0] for subject in said]
    assert heard == {4: ["We have not heard from you"] * 2, 5: ["No longer yours"] * 2}


async def test_a_word_of_hers_or_her_own_offer_is_not_gone_quiet(room: Mailroom) -> None:
    office, sam, kim = room.office, await room.helper(SAM), await room.helper("kim.pretend@example.net")
    asked = await office.dispatch.propose(office.ana, await office.need("groceries"), sam)
    offered = await office.dispatch.offered(office.ana, await office.need("lift"), kim)
    await settled(room)
    office.clock.advance(hours=49)
    assert await settled(room) == ["Can you do this, or not? Shopping"], "it is not theirs yet"
    assert "yours" not in room.post.mails[-1].part("plain")
    assert await settled(room) == []
    await office.dispatch.heard(office.ana, AssignmentId(asked))
    office.clock.advance(hours=30)
    await office.dispatch.expire_waiting(SYSTEM)
    assert await settled(room) == []
    async with office.db.read() as tx:
        states = [(await assignments.get(tx, AssignmentId(each))).state for each in (asked, offered)]
    assert states == [AssignmentState.PROPOSED, AssignmentState.EXPIRED]
    office.clock.advance(hours=20)
    assert await settled(room) == ["Can you do this, or not? Shopping"]


@pytest.mark.parametrize("mailed", [True, False])
async def test_whoever_is_not_to_go_is_told_so_and_not_reminded(room: Mailroom, *, mailed: bool) -> None:
    """Her page says it, too; and once somebody goes with her again she is reminded as ever."""
    office, day = room.office, room.office.desk.today + timedelta(days=2)
    need = await office.need(
        "furniture", helpers=2, window=Window(first=day, last=day), urgency=Urgency.THIS_WEEK
    )
    known = await office.confirmed(need, await office.helper(name="Known Pretend"))
    who = await room.helper(SAM, stage=Stage.APPLIED, cleared=()) if mailed else None
    who = who or await office.helper(name="Rita Pretend", stage=Stage.APPLIED, cleared=())
    new = await office.confirmed(need, who)
    await office.dispatch.task_link(office.ana, new)
    await office.tasks.confirm(OwnTask(who, new), HERE)

    async def rung() -> list[Kind]:
        return [line.kind for line in (await room.notices.outbox(office.ana)).ring if line.task_id == new]

    async def hers() -> Fallen | None:
        (row,) = (await office.own_page.view(volunteer_actor(who), HERE)).tasks
        return row.held

    assert (await settled(room), await rung(), await hers()) == (
        ["It is yours: Furniture and bedding"] if mailed else [],
        [],
        None,
    )
    office.clock.advance(minutes=1)
    await office.dispatch.withdraw(office.ana, known)
    told = await settled(room)
    assert (told, await rung(), await hers()) == (
        ["Please do not go yet: Furniture and bedding"] if mailed else [],
        [] if mailed else [Kind.HELD],
        Fallen.ALONE,
    )
    if not mailed:
        await room.notices.ringing.reached(office.ana, new, Kind.HELD)
        with pytest.raises(Conflict) as refused:
            await room.notices.ringing.reached(office.ana, new, Kind.HELD)
        assert refused.value.code == "rung"
    office.clock.advance(minutes=30)
    assert (await settled(room), await rung()) == ([], [])
    await office.confirmed(need, await office.helper(name="Other Pretend"))
    said = await settled(room)
    assert (said, await rung(), await hers()) == (
        ["It is yours: Furniture and bedding"] if mailed else [],
        [] if mailed else [Kind.CONFIRMED],
        None,
    )
    if not mailed:
        await room.notices.ringing.reached(office.ana, new, Kind.CONFIRMED)
    assert (await settled(room), await rung()) == ([], []), "said once"
    office.clock.advance(days=1)
    assert await settled(room) == (["Tomorrow: Furniture and bedding"] if mailed else [])


async def test_what_comes_on_top_of_a_shut_door_is_no_news(room: Mailroom) -> None:
    office, day = room.office, room.office.desk.today + timedelta(days=5)
    need = await office.need(
        "furniture", helpers=3, window=Window(first=day, last=day), urgency=Urgency.THIS_WEEK
    )
    known = await office.confirmed(need, await office.helper(name="Known Pretend"))
    await office.confirmed(need, await room.helper(SAM, stage=Stage.APPLIED, cleared=()))
    third = await office.confirmed(
        need, await office.helper(name="Third Pretend", stage=Stage.APPLIED, cleared=())
    )
    await settled(room)
    office.clock.advance(minutes=1)
    await office.dispatch.withdraw(office.ana, known)
    assert await settled(room) == ["Please do not go yet: Furniture and bedding"]
    office.clock.advance(minutes=30)
    await office.dispatch.withdraw(office.ana, third)
    assert await settled(room) == []


async def test_it_is_not_said_to_be_hers_while_she_is_not_to_go(room: Mailroom) -> None:
    office = room.office
    need = await office.need("furniture", helpers=2)
    known = await office.confirmed(need, await office.helper(name="Known Pretend"))
    await office.confirmed(need, await room.helper(SAM, stage=Stage.APPLIED, cleared=()))
    await office.dispatch.withdraw(office.ana, known)
    assert await settled(room) == ["Please do not go yet: Furniture and bedding"]
    await office.confirmed(need, await office.helper(name="Other Pretend"))
    assert await settled(room) == ["It is yours: Furniture and bedding"]


async def test_given_to_her_again_within_minutes_she_is_not_told_that_she_need_not_go(room: Mailroom) -> None:
    office, sam = room.office, await room.helper(SAM)
    need = await office.need("groceries")
    first = await office.confirmed(need, sam)
    assert await settled(room) == ["It is yours: Shopping"]
    await office.dispatch.withdraw(office.ana, first)
    again = await office.confirmed(need, sam)
    assert await settled(room) == ["It is yours: Shopping"]
    await office.dispatch.withdraw(office.ana, again)
    assert "You need not go: Shopping" in await settled(room)


@pytest.mark.parametrize("end", [AssignmentState.EXPIRED, AssignmentState.WITHDRAWN])
async def test_whoever_has_it_again_is_rung_no_more_about_having_lost_it(
    room: Mailroom, end: AssignmentState
) -> None:
    office, rita = room.office, await room.office.helper(name="Rita Pretend")
    need = await office.need("groceries")
    task = await office.confirmed(need, rita)
    await office.tasks.confirm(await office.dispatch.task_link(office.ana, task), HERE)
    if end is AssignmentState.EXPIRED:
        office.clock.advance(days=13)
        assert await office.dispatch.expire_waiting(SYSTEM) == 1
    else:
        await office.dispatch.withdraw(office.ana, task)
    assert await settled(room) == []
    assert len((await room.notices.outbox(office.ana)).ring) == 1
    token = await office.dispatch.task_link(office.ana, await office.confirmed(need, rita))
    assert await settled(room) == []
    assert (await room.notices.outbox(office.ana)).ring == ()
    await office.tasks.answer(token, HERE, AssignmentMove.DONE)
    assert await settled(room) == []
    assert (await room.notices.outbox(office.ana)).ring == ()


@pytest.mark.parametrize("urgency", [Urgency.WHENEVER, Urgency.THIS_WEEK])
async def test_opened_on_her_page_the_day_before_it_ends_it_stays_hers(
    room: Mailroom, urgency: Urgency
) -> None:
    office, sam = room.office, await room.helper(SAM)
    need = await office.need("groceries", urgency=urgency)
    task = await office.dispatch.assign(office.ana, need, sam)
    await office.tasks.confirm(OwnTask(sam, task), HERE)
    await settled(room)
    for _ in range(14):
        office.clock.advance(hours=24)
        await office.dispatch.expire_waiting(SYSTEM)
        if await settled(room) == ["We have not heard from you: Shopping"]:
            break
    else:
        raise AssertionError("never asked")
    assert not (await office.tasks.task_by_token(OwnTask(sam, task), "another device")).heard
    assert (await office.tasks.task_by_token(OwnTask(sam, task), HERE)).heard
    assert not (await office.tasks.task_by_token(OwnTask(sam, task), HERE)).heard, "said once"
    for _ in range(3):
        office.clock.advance(hours=24)
        assert (await office.dispatch.expire_waiting(SYSTEM), await settled(room)) == (0, [])
    assert await office.state(need) == "assigned"


async def test_to_open_it_is_enough_before_it_was_tied_to_a_telephone_too(room: Mailroom) -> None:
    office, sam = room.office, await room.helper(SAM)
    task = await office.dispatch.assign(office.ana, await office.need("groceries"), sam)
    assert await settled(room) == ["It is yours: Shopping"]
    for _ in range(25):
        office.clock.advance(days=1)
        await office.dispatch.expire_waiting(SYSTEM)
        if any("not heard" in subject for subject in await settled(room)):
            break
    view = await office.tasks.task_by_token(OwnTask(sam, task), HERE)
    assert (view.stage, view.heard) == (TaskStage.CONFIRM_HERE, True)
    office.clock.advance(days=1)
    await office.dispatch.expire_waiting(SYSTEM)
    assert await settled(room) == []
