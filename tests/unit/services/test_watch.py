"""At the board: who is on, what waits, who has gone quiet; and the notes of a shift."""

from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.board.shifts import NOTE_DAYS, monday, part_at
from node.domain.board.views import QueueFilter
from node.domain.board.watch import Because, Waits
from node.domain.ids import StaffId
from node.domain.need import PartOfDay, Urgency, Window
from node.domain.notices.notice import DIGEST_HOUR, HOUR
from node.errors import Invalid, NotAllowed, NotFound
from node.services.dispatch.promises import Promises
from node.store import export_asks, proposals, sessions
from node.store.export_asks import AskRow
from node.store.proposals import ProposalRow
from node.store.sessions import SessionRow
from tests.harness.office import Office


async def listed(office: Office, which: QueueFilter) -> list[str]:
    return [row.need_id for row in await office.board.queue(office.ana, which)]


async def on_shift(office: Office, *who: str) -> None:
    """Exactly these are on at this moment."""
    today = office.desk.today
    part = part_at(office.clock.now().hour)
    for actor in (office.ana, office.ben, office.triage):
        chosen = [(today, part)] if actor.name.split("-")[0] in who else []
        await office.shifts.set_week(office.ana, StaffId(actor.id or ""), monday(today), chosen)


async def test_what_nobody_decides_is_shown_to_all_with_why(office: Office) -> None:
    await on_shift(office, "Ana")
    new = await office.need(start="new", urgency=Urgency.WHENEVER)
    offered = await office.need(urgency=Urgency.WHENEVER)
    await office.dispatch.offered(office.ana, offered, await office.helper())
    assert await office.watch.raised(office.ben) == []
    await on_shift(office, "Ben")
    raised = await office.watch.raised(office.ben)
    assert {(each.id, each.waits, each.because, each.who) for each in raised} == {
        (new, Waits.FIRST_LOOK, Because.AWAY, "Ana-made-up"),
        (offered, Waits.YES, Because.AWAY, "Ana-made-up"),
    }
    await on_shift(office, "Ana")
    office.clock.advance(hours=4)
    await on_shift(office, "Ana")
    assert {each.because for each in await office.watch.raised(office.triage)} == {Because.LONG}
    await office.dispatch.open(office.ana, new)
    assert [each.id for each in await office.watch.raised(office.ana)] == [offered]


async def test_opened_for_today_and_nobody_asked_is_everybodys_after_an_hour(office: Office) -> None:
    need = await office.need(urgency=Urgency.TODAY)
    await office.need(urgency=Urgency.THIS_WEEK)

    async def raised() -> list[tuple[str, Waits, Because]]:
        return [(each.id, each.waits, each.because) for each in await office.watch.raised(office.ben)]

    office.clock.advance(minutes=59)
    assert await raised() == []
    office.clock.advance(minutes=2)
    assert await raised() == [(need, Waits.NOBODY_ASKED, Because.LONG)]
    task = await office.dispatch.propose(office.ana, need, await office.helper())
    assert await raised() == []
    await office.dispatch.decline(office.ana, task, "made up")
    office.clock.advance(hours=2)
    assert await raised() == [(need, Waits.NOBODY_ASKED, Because.LONG)], (
        "she said no, and nobody was asked since"
    )


async def test_nobody_asked_on_the_morning_of_its_day_is_everybodys_too(office: Office) -> None:
    day = office.desk.today + timedelta(days=3)
    need = await office.need(urgency=Urgency.WHENEVER, window=Window(first=day, last=day))

    async def raised() -> list[tuple[str, Waits, Because]]:
        return [(each.id, each.waits, each.because) for each in await office.watch.raised(office.ben)]

    while (office.desk.today, office.clock.now().hour) < (day, 7):
        assert await raised() == []
        office.clock.advance(hours=1)
    morning = office.desk.zone.at(day) + DIGEST_HOUR * HOUR
    office.clock.advance(seconds=morning + HOUR - 1 - office.desk.now)
    assert await raised() == []
    office.clock.advance(seconds=1)
    assert await raised() == [(need, Waits.NOBODY_ASKED, Because.LONG)]
    task = await office.dispatch.propose(office.ana, need, await office.helper())
    assert await raised() == []
    await office.dispatch.decline(office.ana, task, "made up")
    office.clock.advance(hours=20)
    assert await raised() == [(need, Waits.NOBODY_ASKED, Because.LONG)], "nor was it done yesterday"
    office.clock.advance(hours=24)
    assert await raised() == [], "overdue for days it does not stand before what is for today"


async def test_what_somebody_promised_is_everybodys_once_they_cannot_see_it(office: Office) -> None:
    today = office.desk.today
    ring_again = await office.need(urgency=Urgency.WHENEVER)
    later = await office.need(urgency=Urgency.WHENEVER)
    await office.follow_up.ring_on(office.ana, ring_again, today)
    await office.follow_up.ring_on(office.ana, later, today + timedelta(days=2))
    promised = await office.need(urgency=Urgency.WHENEVER)
    await Promises(office.desk).promise(office.ana, promised, office.desk.now + 600)

    async def raised() -> set[tuple[str, Waits, Because]]:
        return {(each.id, each.waits, each.because) for each in await office.watch.raised(office.ben)}

    async def her_device(*, there: bool) -> None:
        async with office.db.write() as tx:
            await sessions.remove_of(tx, office.ana.id or "")
            if there:
                row = SessionRow(
                    id=b"hers", staff_id=StaffId(office.ana.id or ""), wrapped_key=b"-", created_at=0, last_seen=0,
                    expires_at=office.desk.now + 10**6,
                )  # fmt: skip
                await sessions.insert(tx, row)

    both = {(ring_again, Waits.CALL_BACK), (promised, Waits.PROMISE)}
    await on_shift(office, "Ana")
    await her_device(there=True)
    assert await raised() == set()
    await on_shift(office, "Ben")
    assert await raised() == {(*each, Because.AWAY) for each in both}
    await on_shift(office)
    await her_device(there=False)
    assert await raised() == {(*each, Because.SIGNED_OUT) for each in both}
    await her_device(there=True)
    office.clock.advance(hours=2)
    assert await raised() == {(promised, Waits.PROMISE, Because.LONG)}


async def test_what_waits_for_anybody_else_is_one_line_a_kind(office: Office) -> None:
    async with office.db.write() as tx:
        for number in range(2):
            row = ProposalRow(
                id=f"p{number}",
                kind="text",
                subject=f"t{number}",
                value="-",
                by_staff=office.ana.id,
                at=office.desk.now,
            )
            await proposals.put(tx, row)
        ask = AskRow(id="a", what="all", by_staff=office.ana.id or "", at=office.desk.now, state="asked")
        await export_asks.insert(tx, ask)
    assert await office.watch.raised(office.ben) == []
    office.clock.advance(hours=5)
    assert [(each.waits, each.many) for each in await office.watch.raised(office.ben)] == [
        (Waits.EXPORT_YES, 1)
    ]
    office.clock.advance(hours=20)
    assert [(each.waits, each.many) for each in await office.watch.raised(office.ben)] == [
        (Waits.SECOND_YES, 2)
    ]


async def test_a_quiet_helper_is_asked_about_then_the_place_is_free_again(office: Office) -> None:
    need_id = await office.need(urgency=Urgency.TODAY)
    task = await office.confirmed(need_id, await office.helper())
    token = await office.dispatch.task_link(office.ana, task)
    await office.dispatch.told_by_phone(office.ana, need_id)
    await office.dispatch.contacted(office.ana, task)
    assert await listed(office, QueueFilter.QUIET) == []
    office.clock.advance(days=2)
    assert await listed(office, QueueFilter.QUIET) == [need_id]
    await office.dispatch.heard(office.ana, task, "on Thursday, she says")
    assert await listed(office, QueueFilter.QUIET) == []
    assert await office.state(need_id) == "in_progress"
    office.clock.advance(days=8)
    assert await office.dispatch.expire_waiting(SYSTEM) == 1
    view = await office.board.need(office.ana, need_id)
    assert (view.need.state, view.need.told_by_phone) == ("open", False)
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, "device")


@pytest.mark.parametrize("urgency", [Urgency.WHENEVER, Urgency.THIS_WEEK])
async def test_what_is_on_a_round_is_waited_for_until_some_days_after_that_day(
    office: Office, urgency: Urgency
) -> None:
    """Also where the request itself has no day, or one long before; and after a move the days begin anew."""
    driver, need = await office.helper(), await office.need("groceries", urgency=urgency)
    day = office.desk.today + timedelta(days=12)
    run = (await office.runs.plan(office.ana, day=day, driver=driver, needs=[need])).run_id
    for _ in range(10):
        office.clock.advance(hours=24)
        assert await office.dispatch.expire_waiting(SYSTEM) == 0
    assert await listed(office, QueueFilter.QUIET) == []
    await office.runs.set_day(office.ana, run, day + timedelta(days=3))
    ended = []
    for _ in range(16):
        office.clock.advance(hours=24)
        if await office.dispatch.expire_waiting(SYSTEM):
            ended.append(office.desk.today)
    assert ended == [day + timedelta(days=8)], "five days after the day that it has now, and once"
    assert await office.state(need) == "open"


async def test_the_rota_holds_exactly_what_was_ticked(office: Office) -> None:
    ana, week = StaffId(office.ana.id or ""), monday(office.desk.today)
    on = {(week, PartOfDay.MORNING), (week + timedelta(days=6), PartOfDay.EVENING)}
    outside = (week + timedelta(days=7), PartOfDay.MORNING)
    await office.shifts.set_week(office.triage, ana, week, [*on, outside])
    rota = await office.shifts.rota(office.safety)
    assert {(shift.day, shift.part) for shift in rota.shifts} == on
    assert await office.shifts.same_again(office.ana) == 2
    assert await office.shifts.same_again(office.ana) == 2
    assert len((await office.shifts.rota(office.ana)).shifts) == 4
    await office.shifts.set_week(office.ana, ana, week, [])
    assert len((await office.shifts.rota(office.ana)).shifts) == 2
    with pytest.raises(Invalid):
        await office.shifts.set_week(office.ana, ana, week + timedelta(days=14), [])
    with pytest.raises(NotFound):
        await office.shifts.set_week(office.ana, StaffId("nobody"), week, [])
    with pytest.raises(NotAllowed):
        await office.shifts.set_week(office.safety, ana, week, [])


async def test_a_note_is_shown_until_each_has_read_it_and_goes_by_itself(office: Office) -> None:
    await office.shifts.leave_note(office.ana, "Mrs Testcase rings back at four")
    (own,) = await office.shifts.notes(office.ana)
    assert (own.unread, own.text) == (False, "Mrs Testcase rings back at four")
    (note,) = await office.shifts.notes(office.ben)
    assert note.unread
    await office.shifts.have_read(office.ben, note.id)
    await office.shifts.have_read(office.ben, note.id)
    (note,) = await office.shifts.notes(office.ben)
    assert (note.unread, note.read_by) == (False, ("Ben-made-up",))
    assert (await office.shifts.notes(office.triage))[0].unread
    office.lock()
    (closed,) = await office.shifts.notes(office.triage)
    assert (closed.text, closed.locked) == ("", True)
    office.clock.advance(days=NOTE_DAYS, seconds=1)
    assert await office.shifts.tidy() == 1
    assert await office.shifts.notes(office.triage) == []
    for text in ("", "  ", "x" * 2001):
        with pytest.raises(Invalid):
            await office.shifts.leave_note(office.ana, text)
    with pytest.raises(NotFound):
        await office.shifts.have_read(office.ana, note.id)
