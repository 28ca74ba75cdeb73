"""The contact log, call-backs, and the list that nothing falls out of."""

from datetime import timedelta

import pytest

from node.domain.board.views import QueueFilter
from node.domain.dispatch.follow_up import ContactKind
from node.errors import Invalid, NotAllowed, NotFound
from tests.harness.office import Office


async def listed(office: Office, which: QueueFilter) -> list[str]:
    return [row.need_id for row in await office.board.queue(office.ana, which)]


async def test_no_answer_comes_back_tomorrow_until_somebody_spoke_to_her(office: Office) -> None:
    need_id = await office.need()
    tomorrow = office.desk.today + timedelta(days=1)
    assert await office.follow_up.log(office.ana, need_id, ContactKind.NO_ANSWER) == tomorrow
    assert await listed(office, QueueFilter.CALL_BACK) == []
    office.clock.advance(days=1)
    assert await listed(office, QueueFilter.CALL_BACK) == [need_id]
    (row,) = await office.board.queue(office.ana, QueueFilter.CALL_BACK)
    assert row.call_back == tomorrow
    assert await office.follow_up.log(office.triage, need_id, ContactKind.SPOKE, "all is well") is None
    assert await listed(office, QueueFilter.CALL_BACK) == []
    lines = await office.follow_up.contacts(office.ben, need_id)
    assert [(line.kind, line.by, line.note) for line in lines] == [
        (ContactKind.SPOKE, "Tri-made-up", "all is well"),
        (ContactKind.NO_ANSWER, "Ana-made-up", ""),
    ]


async def test_a_day_that_was_agreed_on_stands_until_it_comes(office: Office) -> None:
    need_id, friday = await office.need(), office.desk.today + timedelta(days=4)
    await office.follow_up.log(office.ana, need_id, ContactKind.SPOKE, "her son is back then", friday)
    await office.follow_up.log(office.ana, need_id, ContactKind.VISITED)
    promise = await office.follow_up.call_back(office.ana, need_id)
    assert promise is not None
    assert (promise.day, promise.why, promise.by, promise.due) == (
        friday,
        "her son is back then",
        "Ana-made-up",
        False,
    )
    await office.follow_up.need_not_ring(office.ben, need_id)
    assert await office.follow_up.call_back(office.ana, need_id) is None


async def test_a_hold_comes_back_on_its_day_too(office: Office) -> None:
    need_id = await office.need()
    await office.dispatch.hold(office.ana, need_id, office.desk.today + timedelta(days=2), "in hospital")
    assert await listed(office, QueueFilter.CALL_BACK) == []
    office.clock.advance(days=2)
    assert await listed(office, QueueFilter.CALL_BACK) == [need_id]


async def test_past_days_long_notes_and_strangers_are_refused(office: Office) -> None:
    need_id = await office.need()
    with pytest.raises(Invalid) as refused:
        await office.follow_up.log(
            office.ana, need_id, ContactKind.OTHER, "x" * 1001, office.desk.today - timedelta(days=1)
        )
    assert set(refused.value.fields) == {"note", "again"}
    with pytest.raises(NotFound):
        await office.follow_up.log(office.ana, need_id[:-1] + "x", ContactKind.OTHER)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        await office.follow_up.log(office.safety, need_id, ContactKind.SPOKE)
    assert await office.follow_up.contacts(office.safety, need_id) == ()


async def test_while_locked_a_call_is_noted_and_read_later(office: Office) -> None:
    need_id = await office.need()
    office.lock()
    await office.follow_up.log(office.ana, need_id, ContactKind.LEFT_MESSAGE, "with her sister")
    (line,) = await office.follow_up.contacts(office.ana, need_id)
    assert (line.kind, line.note) == (ContactKind.LEFT_MESSAGE, "")
    await office.unlock()
    (line,) = await office.follow_up.contacts(office.ana, need_id)
    assert line.note == "with her sister"
    promise = await office.follow_up.call_back(office.ana, need_id)
    assert promise is not None
    assert promise.why == "with her sister"
