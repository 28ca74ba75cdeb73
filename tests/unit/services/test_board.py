"""The queue, its filters and counts, and one need with its recorded looks."""

import weakref
from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.board.views import QueueFilter
from node.domain.need import CloseReason, Urgency, Window
from node.errors import Locked, NotAllowed, NotFound
from node.services.dispatch.promises import Promises
from node.store.needs import update
from tests.harness.office import Office


async def test_filters_and_counts_agree(office: Office) -> None:
    today = office.desk.today
    new = await office.need(start="new", urgency=Urgency.WHENEVER)
    open_ = await office.need(urgency=Urgency.TODAY)
    waiting, taken, closed = await office.need(), await office.need(), await office.need()
    late = await office.need(window=Window(first=today - timedelta(days=3), last=today - timedelta(days=1)))
    held = await office.need(urgency=Urgency.WHENEVER)
    sam = await office.helper()
    await office.dispatch.propose(office.ben, waiting, sam)
    await office.dispatch.assign(office.ben, taken, sam)
    await office.dispatch.close(office.ana, closed, CloseReason.UNREACHABLE)
    await office.dispatch.hold(office.ana, held, today)
    expected = {
        QueueFilter.TO_TRIAGE: {new},
        QueueFilter.UNASSIGNED: {open_, waiting, late},
        QueueFilter.DUE_TODAY: {open_, held},
        QueueFilter.WAITING: {waiting},
        QueueFilter.OVERDUE: {late},
        QueueFilter.ALL_OPEN: {new, open_, waiting, taken, late, held},
        QueueFilter.CLOSED: {closed},
        QueueFilter.MINE: {waiting, taken},
    }
    counts = await office.board.counts(office.ben)
    for which, needs in expected.items():
        rows = await office.board.queue(office.ben, which)
        assert {row.need_id for row in rows} == needs, which
        assert counts[which] == len(needs)
    assert {row.need_id for row in await office.board.queue(office.ana, "mine")} == expected[
        QueueFilter.ALL_OPEN
    ]


async def test_order_is_due_day_then_urgency_then_age(office: Office) -> None:
    today = office.desk.today
    week = Window(first=today, last=today + timedelta(days=6))
    whenever = await office.need(urgency=Urgency.WHENEVER)
    calm = await office.need(urgency=Urgency.WHENEVER, window=week)
    this_week = await office.need(urgency=Urgency.THIS_WEEK)
    office.clock.advance(minutes=1)
    younger = await office.need(urgency=Urgency.THIS_WEEK)
    urgent = await office.need(urgency=Urgency.TODAY)
    rows = await office.board.queue(office.ana)
    assert [row.need_id for row in rows] == [urgent, this_week, younger, calm, whenever]


async def test_a_promised_call_has_its_hour_in_the_order(office: Office) -> None:
    """ "We ring back by four" comes on its day, before what has the whole day; late ones before all of today."""
    desk, today = office.desk, office.desk.today
    promises = Promises(desk)
    urgent = await office.need(urgency=Urgency.TODAY)
    whenever, tomorrow, late = [await office.need(urgency=Urgency.WHENEVER) for _ in range(3)]
    office.clock.advance(minutes=1)
    calm = await office.need(urgency=Urgency.WHENEVER)
    overdue = await office.need(
        window=Window(first=today - timedelta(days=3), last=today - timedelta(days=2))
    )
    await promises.promise(office.ana, late, desk.now + 60)
    office.clock.advance(days=1)
    midnight = desk.zone.at(desk.today)
    await promises.promise(office.ana, whenever, midnight + 86400 - 1)
    await promises.promise(office.ana, calm, midnight + 86400 - 3600)
    await promises.promise(office.ana, tomorrow, midnight + 86400)
    now_urgent = await office.need(urgency=Urgency.TODAY)
    rows = await office.board.queue(office.ana)
    assert [row.need_id for row in rows] == [overdue, late, urgent, calm, whenever, now_urgent, tomorrow]
    due = await office.board.queue(office.ana, QueueFilter.DUE_TODAY)
    assert [row.need_id for row in due] == [calm, whenever, now_urgent]
    await promises.kept(office.ana, calm)
    rows = await office.board.queue(office.ana)
    assert rows[-1].need_id == calm, "rung: it has no hour any more"


async def test_a_promise_is_late_from_the_second_after_its_hour(office: Office) -> None:
    """Also where pages of before are remembered: nothing is written when an hour passes."""
    first, second = [await office.need(urgency=Urgency.WHENEVER) for _ in range(2)]
    now = office.desk.now
    await Promises(office.desk).promise(office.ana, first, now + 60)
    await Promises(office.desk).promise(office.ana, second, now + 62)
    late = []
    for _ in range(64):
        async with office.board.one_view():
            rows = await office.board.queue(office.ana, QueueFilter.OVERDUE)
            counted = (await office.board.counts(office.ana))[QueueFilter.OVERDUE]
        late.append((counted, *(row.need_id for row in rows)))
        office.clock.advance(seconds=1)
    assert late == [*[(0,)] * 61, *[(1, first)] * 2, (2, first, second)]


async def test_old_requests_are_not_buried_but_overdue(office: Office) -> None:
    old = await office.need(urgency=Urgency.THIS_WEEK)
    office.clock.advance(days=10)
    await office.need(urgency=Urgency.TODAY)
    rows = await office.board.queue(office.ana)
    assert (rows[0].need_id, rows[0].overdue) == (old, True)
    assert not rows[1].overdue


async def test_rows_count_places_of_the_present_round(office: Office) -> None:
    need_id = await office.need(helpers=2)
    await office.dispatch.propose(office.ana, need_id, await office.helper())
    await office.confirmed(need_id, await office.helper("Kim Pretend"))
    (row,) = await office.board.queue(office.ana)
    assert (row.helpers, row.filled, row.waiting) == (2, 1, 1)
    await office.dispatch.close(office.ana, need_id, CloseReason.COMPLETED)
    await office.dispatch.reopen(office.ana, need_id)
    (row,) = await office.board.queue(office.ana)
    assert (row.filled, row.waiting) == (0, 0)


async def test_locked_board_shows_clear_fields_only(office: Office) -> None:
    need_id = await office.need("medication", place_text="the blue door", name="Winifred Testcase")
    (row,) = await office.board.queue(office.ana)
    assert (row.category, row.place) == ("medication", "the blue door")
    office.lock()
    (row,) = await office.board.queue(office.ana)
    assert (row.category, row.place) == ("private", "")
    view = await office.board.need(office.ana, need_id)
    assert (view.category, view.details, view.person_name, view.locked) == ("private", None, None, True)
    with pytest.raises(Locked):
        await office.board.need(office.ana, need_id, reveal=True)
    assert (await office.board.counts(office.ana))["all_open"] == 1


async def test_a_name_is_one_recorded_look_away(office: Office) -> None:
    taken = await office.call(name="Winifred Testcase")
    covered = await office.board.need(office.safety, taken.need_id)
    assert (covered.person_name, covered.person, covered.safe_to_ring) == (None, None, "")
    assert covered.details is not None
    assert covered.details.doorstep_word == ""
    assert "Winifred" not in repr(covered)
    shown = await office.board.need(office.safety, taken.need_id, reveal=True)
    assert (shown.person_name, shown.safe_to_ring) == ("Winifred Testcase", "only before noon")
    again = await office.board.need(office.ana, taken.need_id)
    assert [(row.actor, row.action) for row in again.history][-1] == ("Saf-made-up", "look.need")
    person = await office.people.person(office.ana, taken.person_id)
    assert [row.action for row in person.history].count("look.person") == 2


async def test_found_by_the_digits_read_out(office: Office) -> None:
    taken = await office.call()
    spoken = f"{taken.reference[:3]} {taken.reference[3:6]} {taken.reference[6:]}"
    assert await office.board.by_reference(office.triage, spoken) == taken.need_id
    assert await office.board.by_reference(office.triage, "000 000 000") is None


async def test_rights_and_unknown_ids(office: Office) -> None:
    need_id = await office.need()
    for verb in (office.board.queue, office.board.counts):
        with pytest.raises(NotAllowed):
            await verb(office.admin)
    with pytest.raises(NotAllowed):
        await office.board.need(office.admin, need_id)
    with pytest.raises(NotFound):
        await office.board.need(office.ana, "A" * 22)  # type: ignore[arg-type]


async def test_a_row_is_the_same_until_something_of_it_changes_or_the_records_are_closed(
    office: Office,
) -> None:
    need_id = await office.need()
    [first] = await office.board.queue(office.ana)
    assert (await office.board.queue(office.ana))[0] is first
    await office.dispatch.close(office.ana, need_id, CloseReason.UNREACHABLE)
    [closed] = await office.board.queue(office.ana, QueueFilter.CLOSED)
    assert closed is not first
    held = weakref.ref(first)
    del first
    assert held() is None, "somebody still has the row as it was"
    held = weakref.ref(closed)
    del closed
    assert held() is not None
    office.vault.lock()
    assert held() is None, "a place stays in memory though the records are closed"


async def test_what_changes_twice_in_a_second_is_shown_as_it_is(office: Office) -> None:
    """A list drawn in between, in that very second, has seen the first change only."""
    need_id = await office.need(place_text="the red door")
    [row] = await office.board.queue(office.ana)
    assert row.place == "the red door"
    async with office.desk.db.write() as tx:
        held = await office.desk.need_row(tx, need_id)
        details = replace(office.desk.open_need(held), place_text="the green door")
        await update(tx, replace(held, sealed=office.desk.seal_need(need_id, details)))
    for _ in range(2):
        [row] = await office.board.queue(office.ana)
        assert row.place == "the green door"
        office.clock.advance(seconds=1)
    assert (await office.board.queue(office.ana))[0] is row


async def test_of_somebody_erased_the_board_remembers_nothing(office: Office) -> None:
    taken = await office.call(place_text="the blue door")
    other = await office.need(place_text="the red door")
    [row] = [each for each in await office.board.queue(office.ana) if each.need_id == taken.need_id]
    assert row.place == "the blue door"
    held = weakref.ref(row)
    del row
    await office.people.erase(office.ana, taken.person_id)
    [row] = await office.board.queue(office.ana)
    assert (row.need_id, row.place) == (other, "the red door")
    assert held() is None
    assert not any("the blue door" in said for said in office.board._said.values())
