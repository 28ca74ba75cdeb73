"""The private thread of a task, and how it went."""

import pytest

from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.views import QueueFilter, TaskStage
from node.domain.dispatch.follow_up import Answer, ContactKind
from node.domain.dispatch.thread import MAX_MESSAGE, MOST_BEFORE
from node.domain.ids import AssignmentId, NeedId
from node.domain.need import CloseReason, Urgency
from node.errors import Conflict, Invalid, NotAllowed, NotFound
from node.services.links import OwnTask
from node.store import assignments
from tests.harness.office import Office

PHONE = "her phone"


async def confirmed(office: Office, **changes: object) -> tuple[NeedId, AssignmentId, str]:
    """A need with a helper who has opened her link."""
    need_id = await office.need(**changes)
    task = await office.confirmed(need_id, await office.helper())
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, PHONE)
    return need_id, task, token


async def texts(office: Office, need_id: NeedId) -> list[tuple[str | None, str, bool]]:
    threads = await office.threads.of_need(office.ana, need_id)
    return [(line.by, line.text, line.new) for thread in threads.values() for line in thread.messages]


async def test_both_write_and_the_board_says_what_is_new(office: Office) -> None:
    need_id, task, token = await confirmed(office)
    await office.threads.write(office.ana, task, " the key is with the neighbour ")
    office.clock.advance(minutes=1)
    await office.threads.answer(token, PHONE, "which side?")
    assert await texts(office, need_id) == [
        ("Ana-made-up", "the key is with the neighbour", False),
        (None, "which side?", True),
    ]
    (row,) = await office.board.queue(office.ana)
    assert row.unread == 1
    hers = await office.threads.by_link(token, PHONE)
    assert hers is not None
    assert [line.text for line in hers.messages] == ["the key is with the neighbour", "which side?"]
    await office.threads.seen(office.ben, task)
    assert (await office.board.queue(office.ana))[0].unread == 0
    await office.threads.answer(token, PHONE, "found it")
    await office.threads.write(office.ben, task, "good")
    assert (await office.board.queue(office.ana))[0].unread == 0


async def test_it_shuts_when_the_details_shut(office: Office) -> None:
    need_id, task, token = await confirmed(office)
    await office.threads.answer(token, PHONE, "on my way")
    await office.dispatch.withdraw(office.ana, task)
    with pytest.raises(NotFound):
        await office.threads.by_link(token, PHONE)
    with pytest.raises(NotFound):
        await office.threads.answer(token, PHONE, "but I was nearly there")
    with pytest.raises(Conflict):
        await office.threads.write(office.ana, task, "sorry")
    assert [text for _, text, _ in await texts(office, need_id)] == ["on my way"], (
        "we still know what was said"
    )


async def test_nobody_else_reads_or_writes_it(office: Office) -> None:
    need_id, task, token = await confirmed(office)
    await office.threads.write(office.ana, task, "the blue door")
    assert await office.threads.by_link(token, "another phone") is None
    assert await office.threads.by_link(token, None) is None
    for device in ("another phone", ""):
        with pytest.raises(Conflict) as refused:
            await office.threads.answer(token, device, "hello")
        assert refused.value.code == "other_device"
    for actor in (office.triage, office.safety):
        with pytest.raises(NotAllowed):
            await office.threads.write(actor, task, "hello")
    for text in ("", " ", "x" * (MAX_MESSAGE + 1)):
        with pytest.raises(Invalid):
            await office.threads.write(office.ana, task, text)
    office.lock()
    assert await texts(office, need_id) == [("Ana-made-up", "", False)]


async def asked(office: Office, need_id: NeedId, name: str) -> tuple[AssignmentId, str]:
    task = await office.dispatch.propose(office.ana, need_id, await office.helper(name))
    return task, await office.dispatch.task_link(office.ana, task)


async def test_whoever_was_asked_asks_back_on_one_device_and_reads_no_other_s(office: Office) -> None:
    need_id = await office.need()
    task, token = await asked(office, need_id, "Kim Pretend")
    other, theirs = await asked(office, need_id, "Lou Pretend")
    view = await office.threads.by_link(token, None)
    assert view is not None
    assert (view.open, view.before, view.unopened, view.messages) == (True, True, 0, ())
    await office.threads.answer(token, PHONE, "is there a lift?")
    assert (await office.tasks.task_by_token(token, PHONE)).stage is TaskStage.ASKED
    assert (await office.tasks.task_by_token(token, "another phone")).stage is TaskStage.OTHER_DEVICE
    assert (await office.board.queue(office.ana))[0].unread == 1
    await office.threads.write(office.ana, task, "Yes, and it is wide.")
    hers = await office.threads.by_link(token, PHONE)
    assert hers is not None
    assert [(line.by, line.text) for line in hers.messages] == [
        (None, "is there a lift?"), ("Ana-made-up", "Yes, and it is wide."),
    ]  # fmt: skip
    assert await office.threads.by_link(token, "another phone") is None
    with pytest.raises(Conflict):
        await office.threads.answer(token, "another phone", "me too")
    lou = await office.threads.by_link(theirs, "lou's phone")
    assert lou is not None
    assert lou.messages == ()
    assert (await office.tasks.task_by_token(token, PHONE)).details is None, "a question opens nothing"
    await office.tasks.interest(token, PHONE)
    await office.threads.answer(token, PHONE, "then I can")
    await office.dispatch.approve(office.ana, task)
    hers = await office.threads.by_link(token, PHONE)
    assert hers is not None
    assert (len(hers.messages), hers.before) == (3, False)
    assert await office.threads.by_link(theirs, "lou's phone") is not None
    await office.dispatch.decline(office.ana, other)
    with pytest.raises(NotFound):
        await office.threads.by_link(theirs, "lou's phone")


async def test_what_we_write_first_waits_until_she_opens_it_and_a_no_shuts_it(office: Office) -> None:
    task, token = await asked(office, await office.need(), "Kim Pretend")
    await office.threads.write(office.ana, task, "It is three flights up.")
    view = await office.threads.by_link(token, "any phone")
    assert view is not None
    assert (view.unopened, view.messages) == (1, ())
    await office.tasks.confirm(token, PHONE)
    view = await office.threads.by_link(token, PHONE)
    assert view is not None
    assert [line.text for line in view.messages] == ["It is three flights up."]
    await office.tasks.answer(token, PHONE, AssignmentMove.DECLINE)
    with pytest.raises(NotFound):
        await office.threads.by_link(token, PHONE)
    with pytest.raises(NotFound):
        await office.threads.answer(token, PHONE, "and yet")
    with pytest.raises(Conflict):
        await office.threads.write(office.ana, task, "a pity")


async def test_signed_in_on_her_own_page_she_asks_without_any_link(office: Office) -> None:
    need_id, helper = await office.need(), await office.helper("Kim Pretend")
    task = await office.dispatch.propose(office.ana, need_id, helper)
    with pytest.raises(Conflict):
        await office.threads.write(office.ana, task, "nobody could read this yet")
    key = OwnTask(helper, task)
    await office.threads.answer(key, PHONE, "is there a lift?")
    await office.threads.write(office.ana, task, "There is.")
    view = await office.threads.by_link(key, PHONE)
    assert view is not None
    assert [line.text for line in view.messages] == ["is there a lift?", "There is."]
    with pytest.raises(NotFound):
        await office.threads.by_link(OwnTask(await office.helper("Lou Pretend"), task), PHONE)


async def test_nothing_of_the_person_is_written_before_the_yes(office: Office) -> None:
    taken = await office.call(
        name="Mrs Ada Testcase, next door",
        phone="0117 496 0155",
        address="12 Imaginary Row, BS3 9ZZ, Upper Knowle",
    )
    task, token = await asked(office, taken.need_id, "Kim Pretend")
    for told in (
        "Ask for Mrs Testcase",
        "it is Ada",
        "ring 0117 4960155",
        "in imaginary  row, the red door",
        "bs3 9zz",
        "number 12 imaginary row",
    ):
        with pytest.raises(Invalid) as refused:
            await office.threads.write(office.ana, task, told)
        assert refused.value.code == "gives_away"
    await office.threads.write(
        office.ana, task, "Upper Knowle, third floor, at 12. Mrs Pretend next door has the key."
    )
    for _ in range(MOST_BEFORE - 1):
        await office.threads.answer(token, PHONE, "and a dog?")
    with pytest.raises(Conflict):
        await office.threads.answer(token, PHONE, "one more")
    await office.dispatch.approve(office.ana, task)
    await office.threads.write(office.ana, task, "Ask for Mrs Testcase")


async def test_a_message_is_a_sign_of_life(office: Office) -> None:
    need_id, _, token = await confirmed(office, urgency=Urgency.TODAY)
    office.clock.advance(days=2)
    assert [row.need_id for row in await office.board.queue(office.ana, QueueFilter.QUIET)] == [need_id]
    await office.threads.answer(token, PHONE, "tomorrow for sure")
    assert await office.board.queue(office.ana, QueueFilter.QUIET) == []


async def test_erasing_either_takes_the_words_along(office: Office) -> None:
    taken = await office.call()
    helper = await office.helper()
    task = await office.confirmed(taken.need_id, helper)
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, PHONE)
    await office.threads.write(office.ana, task, "her name is on the bell")
    await office.follow_up.log(office.ana, taken.need_id, ContactKind.NO_ANSWER, "Mr Testcase is deaf")
    await office.people.erase(office.ana, taken.person_id)
    assert await texts(office, taken.need_id) == []
    (line,) = await office.follow_up.contacts(office.ana, taken.need_id)
    assert line.note == ""

    need_id, task, token = await confirmed(office)
    await office.threads.answer(token, PHONE, "my bus is late")
    async with office.db.read() as tx:
        person = (await assignments.of_need(tx, need_id))[0].person_id
    await office.people.erase(office.ana, person)
    assert await texts(office, need_id) == []


# --- did it happen?


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(Answer.WELL, CloseReason.COMPLETED), (Answer.PARTLY, CloseReason.PARTLY_COMPLETED)],
)
async def test_well_and_partly_close_it(office: Office, answer: Answer, reason: CloseReason) -> None:
    need_id, _, _ = await confirmed(office)
    assert await office.outcome.asked(office.ana, need_id, answer, "she was glad") == "closed"
    view = await office.board.need(office.ana, need_id)
    assert (view.need.close_reason, view.assignments[0].state) == (reason, "done")
    (said,) = await office.outcome.of_need(office.ana, need_id)
    assert (said.answer, said.helper, said.note) == (answer, None, "she was glad")
    assert [line.kind for line in await office.follow_up.contacts(office.ana, need_id)] == [ContactKind.SPOKE]


@pytest.mark.parametrize("reported", [True, False])
async def test_nobody_came_opens_it_again_and_shuts_the_details(office: Office, reported: bool) -> None:
    need_id, task, token = await confirmed(office)
    if reported:
        await office.dispatch.report_done(office.ana, task)
    assert await office.outcome.asked(office.ben, need_id, Answer.NOT) == "open"
    view = await office.board.need(office.ana, need_id)
    assert (view.need.told_by_phone, view.need.round) == (False, 1)
    assert [row.need_id for row in await office.board.queue(office.ana, QueueFilter.UNASSIGNED)] == [need_id]
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, PHONE)
    with pytest.raises(Conflict):
        await office.outcome.asked(office.ana, need_id, Answer.WELL)


async def test_it_is_one_step_to_undo(office: Office) -> None:
    need_id, _, token = await confirmed(office)
    await office.outcome.asked(office.ana, need_id, Answer.NOT)
    await office.undo.undo(office.ana, need_id)
    assert await office.state(need_id) == "assigned"
    assert (await office.tasks.task_by_token(token, PHONE)).details is not None


async def test_the_helper_says_how_it_went_after_done_on_her_own_phone(office: Office) -> None:
    need_id, task, token = await confirmed(office)
    with pytest.raises(Conflict):
        await office.outcome.by_helper(token, PHONE, Answer.WELL)
    await office.dispatch.report_done(office.ana, task)
    with pytest.raises(Conflict):
        await office.outcome.by_helper(token, "another phone", Answer.WELL)
    await office.outcome.by_helper(token, PHONE, Answer.WELL)
    await office.outcome.by_helper(token, PHONE, Answer.PARTLY, "the tap still drips")
    assert await office.outcome.said_by_link(token, PHONE) is Answer.PARTLY
    assert await office.outcome.said_by_link(token, "another phone") is None
    (said,) = await office.outcome.of_need(office.ana, need_id)
    assert (said.answer, said.helper, said.note) == (Answer.PARTLY, "Sam Pretend", "the tap still drips")
